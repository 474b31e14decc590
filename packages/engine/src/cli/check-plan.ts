import { verifyPlan, type PlanCheck } from '../plan/verify/verify-plan.ts';
import { inOrder } from '../validate/validate-pipeline.ts';
import type { MadePlan } from './make-plan.ts';
import { withReadContexts } from './with-read-contexts.ts';

/** How long one look at the world may take before the run. */
const longestLookMs = 30_000;

/** Asks every step type, metric type and reporter to look at the world, before anything starts; shows what they found. */
export function checkPlan({ plan, pipeline, show }: MadePlan): Promise<PlanCheck> {
  return withReadContexts({ run: 'check', plan, workdir: pipeline.folder }, async (contextFor) => {
    const world = {
      contextFor: (key: string) => contextFor(key, AbortSignal.timeout(longestLookMs), () => undefined),
      secrets: secretsAtHand(plan.secrets),
    };
    const check = await verifyPlan(plan, pipeline, world);
    show(inOrder(check.findings));
    return check;
  });
}

/** What stops a run before it starts. */
export const isRefused = ({ findings }: PlanCheck): boolean => findings.some(({ severity }) => severity === 'error');

function secretsAtHand(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
