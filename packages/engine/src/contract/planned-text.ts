import { isLater } from './later.ts';

/** A value of a planned configuration for a sentence: itself, or for one that is only known later `(steps.build.outputs.digest)`. */
export const plannedText = (value: unknown): string => (isLater(value) ? `(${value.$later})` : String(value));
