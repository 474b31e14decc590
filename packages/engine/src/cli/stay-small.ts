import { setFlagsFromString } from 'node:v8';

/**
 * Keeps what is garbage anyway from piling up: a runner's memory belongs to the commands. Both flags are read whenever the heap would
 * grow, so this comes before anything else: a new space that has grown while a plan was made stays as it is, 16 MB and more.
 */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
