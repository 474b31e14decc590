import { rm } from 'node:fs/promises';
import { readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import type { SideWeights } from '../router.ts';
import type { UpstreamFile, WrittenUpstream } from './upstream-file.ts';

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
  await file.setWeights(written, weights).catch(revert);
  return revert;
}
