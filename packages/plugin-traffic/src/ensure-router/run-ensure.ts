import type { RunContext } from 'relpipe/plugin';
import { findRouter } from '../router/find-router.ts';
import { inStepWords } from '../router-kinds/embedded/in-step-words.ts';
import { askedRouter } from './asked-router.ts';
import type { EnsureConfig, EnsureOutputs } from './ensure-config.ts';
import { refuseOther } from './refuse-other.ts';
import { reportRouter } from './report-router.ts';
import { startOrJoin } from './start-or-join.ts';

/** Leaves the router alone that lives on the state file, or starts one. @throws {StepError} `TRAFFIC_ROUTER_DIFFERS`, and what the router says */
export async function runEnsure(config: EnsureConfig, context: RunContext<unknown>): Promise<EnsureOutputs> {
  const { signal } = context;
  const asked = askedRouter(config, context);
  const living = await inStepWords(() => findRouter(asked.flags.state, signal));
  const { router, started } = living === undefined
    ? await inStepWords(() => startOrJoin(asked.flags, signal))
    : { router: living, started: false };
  refuseOther(asked, router);
  const { pid, listen } = router.status;
  context.log(started ? `Process ${pid} listens on ${listen}; its log is ${asked.flags.state}.log.` : `Process ${pid} on ${listen} was left as it is.`);
  return reportRouter(asked, router, started);
}
