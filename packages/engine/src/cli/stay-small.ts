import { statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** A hundred steps or so. */
const largeFileBytes = 8 * 1024;

/** Where much is to be read: for a small plan, collecting garbage more often takes longer than it saves. */
export function staySmallFor(file: string): void {
  if (bytesOf(file) > largeFileBytes) staySmall();
}

function bytesOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0; // Who reads the file says why it cannot be read.
  }
}

/**
 * Keeps what is garbage anyway from piling up: a runner's memory belongs to the commands. The flags are read whenever the heap would
 * grow or a function is compiled, so this comes before anything else: a new space that has grown while a plan was made stays as it is,
 * 16 MB and more. V8 compiles on four threads, each of which keeps the memory of its largest compilation: with one compiler less that is
 * 6 MB less, and what waits for commands is not slower.
 */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--no-maglev');
}
