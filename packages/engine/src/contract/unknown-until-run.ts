import { isFullyKnown } from './settled.ts';

/** The settings, for a `Preview`, in which something is only known when the run gets there; by their names, without what is inside. */
export const unknownUntilRun = (config: object): readonly string[] =>
  Object.entries(config).flatMap(([name, value]: [string, unknown]) => (isFullyKnown({ value }) ? [] : [name]));
