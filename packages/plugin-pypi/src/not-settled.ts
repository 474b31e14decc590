import type { Finding } from 'relpipe/plugin';

/** What a check before the run says of a step that depends on earlier ones; `what` begins the sentence. */
export const notSettled = (what: string): Finding => ({
  level: 'warning',
  code: 'PYPI_NOT_CHECKED',
  message: `${what} is only known when the run gets here.`,
});
