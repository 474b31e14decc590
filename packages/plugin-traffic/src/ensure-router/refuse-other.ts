import { StepError } from 'relpipe/plugin';
import type { FoundRouter } from '../router/find-router.ts';
import type { AskedRouter } from './asked-router.ts';
import { differences } from './differences.ts';

/** @throws {StepError} `TRAFFIC_ROUTER_DIFFERS` */
export function refuseOther(asked: AskedRouter, found: FoundRouter): void {
  const others = differences(asked, found);
  if (others.length === 0) return;
  const { stateFile } = asked.settings;
  throw new StepError('TRAFFIC_ROUTER_DIFFERS', `Another router lives on ${stateFile} (process ${found.status.pid}): ${others.join('; ')}.`, {
    hint: `It was left as it is. Ask for what it has, give another \`state\`, or end it, which ends its traffic: relpipe-router stop --state ${stateFile}`,
  });
}
