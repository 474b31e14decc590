import type { Finding } from 'relpipe/plugin';

/** What a check before the run says of a step that depends on earlier ones. */
export const notSettled: Finding = {
  level: 'warning',
  code: 'DOCKER_NOT_CHECKED',
  message: 'A part of this step is only known when the run gets here.',
};
