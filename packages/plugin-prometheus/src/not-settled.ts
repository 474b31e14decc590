import type { Finding } from 'relpipe/plugin';

/** What a check before the run says of a metric that depends on earlier steps. */
export const notSettled: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NOT_CHECKED',
  message: 'What to ask is only known when the run gets here.',
};
