import { rm } from 'node:fs/promises';
import { readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import type { SideWeights } from '../router.ts';

/** What was so before the change that is under way: what nginx serves until it has taken the file as it is now. */
export interface BeforeChange {
  readonly weights: SideWeights;
  /** Absent: nginx could not be asked, so whichever lives when it can be may be one that has read the file before. */
  readonly servedBy?: FormerWorkers;
}

/** The workers that serve by the former weights. */
interface FormerWorkers {
  readonly master: number;
  readonly workers: readonly number[];
}

/** A note beside the configuration file from before it is written until nginx has taken it. Who dies in between leaves it. */
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
