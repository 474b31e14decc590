import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { replaceFile } from 'relpipe/plugin/toolkit';
import { holdLock } from '../../files/hold-lock.ts';
import { percentFromUnits, type SideUnits } from '../units/percent-from-units.ts';
import type { RouterSide, SideWeights } from '../router.ts';
import { findServers, unitsOf, withUnits, type UpstreamServer } from './conf/upstream-servers.ts';

/** An upstream as a file has it. */
export interface WrittenUpstream {
  readonly text: string;
  readonly servers: readonly UpstreamServer[];
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** Of its servers, whatever else is in the file. */
  readonly revision: string;
}

/** The file in which an upstream of nginx stands. */
export class UpstreamFile {
  readonly path: string;
  readonly upstream: string;

  /** @param path no link */
  constructor(path: string, upstream: string) {
    this.path = path;
    this.upstream = upstream;
  }

  /** A file beside it that nginx does not read, not even with `include sites/*`: its name begins with a dot. */
  beside(ending: string): string {
    return join(dirname(this.path), `.${basename(this.path)}.${ending}`);
  }

  /** Keeps other releases away from the file. @returns undefined while one of them holds it  @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  holdLock(): { release(): void } | undefined {
    try {
      return holdLock(this.beside('relpipe-lock'));
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }

  /** @throws {StepError} `TRAFFIC_NGINX_UPSTREAM_UNKNOWN` */
  async read(): Promise<WrittenUpstream> {
    const text = await readFile(this.path, 'utf8');
    const servers = findServers(text, this.upstream);
    if (servers === undefined) throw upstreamUnknown(this);
    const said = servers.map(({ address, parameters }) => [address, ...parameters].map((word) => word.text).join(' ')).join(';');
    return {
      text,
      servers,
      sides: servers.map(({ address }) => ({ name: address.text, url: `http://${address.text}` })),
      weights: percentFromUnits(unitsOf(servers)),
      revision: createHash('sha256').update(said).digest('hex').slice(0, 16),
    };
  }

  /** @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  setUnits({ text, servers }: WrittenUpstream, units: SideUnits): Promise<void> {
    return this.write(withUnits(text, servers, units));
  }

  /** Keeps whose file it is. @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  async write(text: string): Promise<void> {
    try {
      await replaceFile(this.path, text, await stat(this.path));
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }
}

const notWritten = (path: string, cause: unknown) =>
  new StepError('TRAFFIC_NGINX_NOT_WRITTEN', `The configuration file ${path} of nginx cannot be written: ${String(cause)}.`, {
    hint: 'Let the user who runs the release write into its folder.',
    cause,
  });

const upstreamUnknown = ({ path, upstream }: UpstreamFile) =>
  new StepError('TRAFFIC_NGINX_UPSTREAM_UNKNOWN', `There is no upstream ${upstream} in ${path}.`, {
    hint: 'Write the name as it stands behind `upstream`, and the file in which it stands.',
  });
