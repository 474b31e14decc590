import type { Probe, ProbeContext } from 'relpipe/plugin';
import { findRouter } from '../router/find-router.ts';
import { inStepWords } from '../router-kinds/embedded/in-step-words.ts';
import { askedRouter } from './asked-router.ts';
import { differences } from './differences.ts';
import type { EnsureConfig, EnsureOutputs } from './ensure-config.ts';
import { reportRouter } from './report-router.ts';

/** Whether the router lives as it is asked for. */
export async function probeEnsure(config: EnsureConfig, context: ProbeContext<unknown>): Promise<Probe<EnsureOutputs>> {
  const asked = askedRouter(config, context);
  const found = await inStepWords(() => findRouter(asked.flags.state, context.signal));
  if (found === undefined) return { found: 'not-done' };
  const others = differences(asked, found);
  if (others.length === 0) return { found: 'done', output: reportRouter(asked, found, false) };
  return { found: 'conflict', detail: `Another router lives on ${asked.flags.state}: ${others.join('; ')}.` };
}
