import { isLater, type Finding } from 'relpipe/plugin';

/** What a check before the run says of a step that depends on earlier ones. */
export const notSettled: Finding = {
  level: 'warning',
  code: 'DOCKER_NOT_CHECKED',
  message: 'A part of this step is only known when the run gets here.',
};

/** Names of what is only known when the run gets there. */
export const laterOf = (config: object): readonly string[] =>
  Object.entries(config).flatMap(([name, value]) => (isLater(value) ? [name] : []));

/** A value for a sentence, also when it is only known later. */
export const textOf = (value: unknown): string => (isLater(value) ? `(${value.$later})` : String(value));
