import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import { holdLock } from '../../util/hold-lock.ts';
import type { RouterSide, SideWeights } from '../router.ts';
import { percentFromUnits, unitsFor, type SideUnits } from '../units.ts';
import { findServers, unitsOf, withUnits, type UpstreamServer } from './nginx-conf.ts';

/** An upstream as it is written in a file. */
export interface WrittenUpstream {
  readonly text: string;
  readonly servers: readonly UpstreamServer[];
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** Of its servers, whatever else is in the file. */
  readonly revision: string;
}

/** Enough for four decimals of a percent. */
export const maximumUnits = 1_000_000;

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

  /** @throws {StepError} `TRAFFIC_NGINX_UPSTREAM_UNKNOWN` */
  async read(): Promise<WrittenUpstream> {
    const text = await readFile(this.path, 'utf8');
    const servers = findServers(text, this.upstream);
    if (servers === undefined) throw upstreamUnknown(this);
    const content = servers.map(({ address, parameters }) => [address, ...parameters].map((word) => word.text).join(' ')).join(';');
    return {
      text,
      servers,
      sides: servers.map(({ address }) => ({ name: address.text, url: `http://${address.text}` })),
      weights: percentFromUnits(unitsOf(servers)),
      revision: createHash('sha256').update(content).digest('hex').slice(0, 16),
    };
  }

  /** @throws {StepError} `TRAFFIC_NGINX_NOT_WRITTEN` */
  setUnits({ text, servers }: WrittenUpstream, units: SideUnits): Promise<void> {
    return this.write(withUnits(text, servers, units));
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

/** The state before the change in progress: what nginx serves until it has loaded the file as it is now. */
export interface BeforeChange {
  readonly weights: SideWeights;
  /** Absent: nginx did not answer, so any nginx that answers later may have loaded the file before the change. */
  readonly servedBy?: PreviousWorkers;
}

/** The workers that serve the previous weights. */
interface PreviousWorkers {
  readonly master: number;
  readonly workers: readonly number[];
}

/**
 * A note in the same folder, from before the file is written until nginx has loaded it. A process that dies in between leaves it there.
 */
export class ChangeNote {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<BeforeChange | undefined> {
    const text = await readIfThere(this.#path, 'utf8');
    return text === undefined ? undefined : (JSON.parse(text) as BeforeChange);
  }

  write(before: BeforeChange): Promise<void> {
    return replaceFile(this.#path, `${JSON.stringify(before)}\n`, { mode: 0o644 });
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true });
  }
}

/** Restores the file and its note, then throws `reason`. */
type Revert = (reason: unknown) => Promise<never>;

/** Writes the note, then the weights: a process that reads both after a crash knows that nginx may still serve the previous weights. */
export async function writeNoted(
  file: UpstreamFile,
  note: ChangeNote,
  written: WrittenUpstream,
  weights: SideWeights,
  before: BeforeChange,
): Promise<Revert> {
  const noteBefore = await note.read();
  await note.write(before);
  const revert = async (reason: unknown): Promise<never> => {
    await file.write(written.text);
    await (noteBefore === undefined ? note.remove() : note.write(noteBefore));
    throw reason;
  };
  await file.setUnits(written, unitsFor(weights, maximumUnits)).catch(revert);
  return revert;
}
