import { setFlagsFromString } from 'node:v8';

/**
 * Keeps what is garbage anyway from piling up: every command that is started copies the page tables of this process, so its size is paid
 * for a thousand times, and a runner's memory belongs to the commands. Both flags are read whenever the heap would grow.
 */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}
