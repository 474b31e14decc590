import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { replaceFile } from 'relpipe/plugin/toolkit';
import { holdLock } from '../../util/hold-lock.ts';
import type { RouterSide, SideWeights } from '../router.ts';
import { percentFromUnits, unitsFor, type SideUnits } from '../units.ts';
import { addressesOf } from './addresses.ts';
import type { Word } from './nginx-conf.ts';
import { copiesOf, findUpstream, sizesOf, unitsOf, withUnits, type UpstreamServer } from './upstream-servers.ts';

/** An upstream as it is written in a file. */
export interface WrittenUpstream {
  readonly text: string;
  readonly servers: readonly UpstreamServer[];
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** How many times a weight counts that is written for a side. */
  readonly copies: SideUnits;
  readonly hash?: string;
  /** The upstream itself is in another file, which includes this one. */
  readonly isIncluded: boolean;
  /** Of its servers, whatever else is in the file. */
  readonly revision: string;
}

/** Enough for four decimals of a percent. */
const maximumUnits = 1_000_000;

/** The file that contains an upstream of nginx. */
export class UpstreamFile {
  readonly path: string;
  readonly upstream: string;

  /** @param path not a link */
  constructor(path: string, upstream: string) {
    this.path = path;
    this.upstream = upstream;
  }

  /** A file in the same folder that nginx does not read, not even with `include sites/*`: its name starts with a dot. */
  beside(ending: string): string {
    return join(dirname(this.path), `.${basename(this.path)}.${ending}`);
  }

  /** @throws {StepError} `TRAFFIC_NGINX_UPSTREAM_UNKNOWN`, `TRAFFIC_NGINX_SERVERS_INCLUDED` */
  async read(): Promise<WrittenUpstream> {
    const text = await readFile(this.path, 'utf8');
    const found = findUpstream(text, this.upstream);
    if (found === undefined) throw upstreamUnknown(this);
    const { servers, backups, includes, hash, isIncluded } = found;
    if (includes[0] !== undefined) throw serversIncluded(this, text, includes[0]);
    const addresses = await countAddresses(servers);
    const content = servers.map(({ address, parameters }) => [address, ...parameters].map((word) => word.text).join(' ')).join(';');
    return {
      text,
      servers,
      sides: sidesFrom(sizesOf(servers, addresses), backups),
      weights: percentFromUnits({ ...Object.fromEntries(backups.map((name) => [name, 0])), ...unitsOf(servers, addresses) }),
      copies: copiesOf(servers, addresses),
      ...(hash !== undefined && { hash }),
      isIncluded,
      revision: createHash('sha256').update(content).digest('hex').slice(0, 16),
    };
  }

  /** @throws {StepError} `TRAFFIC_SIDE_NOT_READY` for a backup server, `TRAFFIC_NGINX_NOT_WRITTEN` */
  async setWeights(written: WrittenUpstream, weights: SideWeights): Promise<void> {
    refuseBackup(this, written, weights);
    const counted = Object.fromEntries(Object.entries(weights).filter(([side]) => side in written.copies));
    await this.write(withUnits(written.text, written.servers, lineUnits(counted, written.copies)));
  }

  /** @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  async requireWritable(): Promise<void> {
    try {
      await access(dirname(this.path), constants.W_OK);
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }

  /** Keeps owner and mode of the file. @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  async write(text: string): Promise<void> {
    try {
      await replaceFile(this.path, text, await stat(this.path));
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }

  /** Keeps other releases away from the file until `release`. @throws {StepError} `TRAFFIC_NGINX_LOCKED`, `TRAFFIC_NGINX_NOT_WRITTEN` */
  async lock(clock: ReadContext['clock']): Promise<{ release(): void }> {
    const until = clock.now() + lockWithinMs;
    for (;;) {
      const lock = this.#tryLock();
      if (lock !== undefined) return lock;
      if (clock.now() >= until) throw locked(this.path);
      await clock.sleep(pollMs);
    }
  }

  #tryLock(): { release(): void } | undefined {
    try {
      return holdLock(this.beside('relpipe-lock'));
    } catch (cause) {
      throw notWritten(this.path, cause);
    }
  }
}

const lockWithinMs = 30_000;
const pollMs = 50;

/**
 * The integers to write, so that each side has its share in all of its lines and addresses together.
 * @param copies of the sides; empty where the file was not read
 */
export function lineUnits(weights: SideWeights, copies: SideUnits): SideUnits {
  const once = Object.entries(weights).map(([side, weight]) => [side, weight / (copies[side] ?? 1)] as const);
  const sum = once.reduce((total, [, weight]) => total + weight, 0);
  return unitsFor(Object.fromEntries(once.map(([side, weight]) => [side, (100 * weight) / sum])), maximumUnits);
}

/** The weights that nginx has with these integers. */
export const weightsFrom = (units: SideUnits, copies: SideUnits): SideWeights =>
  percentFromUnits(Object.fromEntries(Object.entries(units).map(([side, unit]) => [side, unit * (copies[side] ?? 1)])));

/** Each address that a name has gets the whole weight in nginx. */
async function countAddresses(servers: readonly UpstreamServer[]): Promise<SideUnits> {
  const names = new Set(servers.map(({ address }) => address.text));
  const counted = [...names].map(async (name) => [name, Math.max(1, (await addressesOf(name)).length)] as const);
  return Object.fromEntries(await Promise.all(counted));
}

const sidesFrom = (sizes: SideUnits, backups: readonly string[]): readonly RouterSide[] => [
  ...Object.entries(sizes).map(([name, size]) => ({ name, url: `http://${name}`, size })),
  ...backups.filter((name) => !(name in sizes)).map((name) => ({ name, url: `http://${name}`, away: 'a backup server' })),
];

/** A backup server among the servers of a side has no part of its share. @throws {StepError} `TRAFFIC_SIDE_NOT_READY` */
export function refuseBackup({ path, upstream }: UpstreamFile, { sides }: WrittenUpstream, weights: SideWeights): void {
  const backup = sides.find(({ name, away }) => away !== undefined && (weights[name] ?? 0) > 0);
  const share = sides.reduce((sum, { name, away }) => sum + (away === undefined ? (weights[name] ?? 0) : 0), 0);
  if (backup === undefined || Math.abs(share - 100) < rounding) return;
  throw new StepError(
    'TRAFFIC_SIDE_NOT_READY',
    `The server ${backup.name} of the upstream ${upstream} in ${path} is a backup server: it is asked only while no other server answers.`,
    { hint: 'Write `down` in place of `backup` on its line, then run the release again.' },
  );
}

/** Sums of parts of a percent differ by less than this. */
const rounding = 0.001;

function serversIncluded({ path, upstream }: UpstreamFile, text: string, { text: file, from }: Word): StepError {
  const line = text.slice(0, from).split('\n').length;
  return new StepError('TRAFFIC_NGINX_SERVERS_INCLUDED', `The upstream ${upstream} in ${path} gets servers by \`include ${file};\`, in line ${line}.`, {
    hint: `Set \`config\` to that file, if it has all servers of the upstream; else write them all into one file.`,
  });
}

const upstreamUnknown = ({ path, upstream }: UpstreamFile) =>
  new StepError('TRAFFIC_NGINX_UPSTREAM_UNKNOWN', `There is no upstream ${upstream} in ${path}.`, {
    hint: 'Write the name as in the configuration, after `upstream`, and set `config` to the file that contains it.',
  });

const notWritten = (path: string, cause: unknown) =>
  new StepError('TRAFFIC_NGINX_NOT_WRITTEN', `The configuration file ${path} of nginx cannot be written: ${String(cause)}.`, {
    hint: 'Allow the user that runs the release to write into its folder.',
    cause,
  });

const locked = (path: string) =>
  new StepError('TRAFFIC_NGINX_LOCKED', `Another release is changing ${path}.`, {
    hint: 'Wait until it has finished, then run the release again.',
    retryable: true,
  });
