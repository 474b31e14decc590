import { createHash } from 'node:crypto';

/** What this plugin starts carries this label; its value names the step of the run, and is the same for every attempt. */
export const idLabel = 'dev.relpipe.step';

/** Short enough for names of containers, volumes and files. */
export const shortKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12);
