import { StepError } from 'relpipe/plugin';

/** @param server `BACKEND/NAME`  @param away its state, e.g. `maint` */
export const notReady = (server: string, away: string) =>
  new StepError('TRAFFIC_HAPROXY_NOT_READY', `The server ${server} of HAProxy is to get traffic, and somebody has put it into the state ${away}.`, {
    hint: `Find out why; then say \`set server ${server} state ready\` to its Runtime API, and run the release again.`,
  });
