import type { Preview } from '../../contract/index.ts';
import { verifyPlan, type PlanCheck } from '../../plan/verify/verify-plan.ts';
import { maskJson } from '../../run/local/mask-json.ts';
import { createMask, isMaskable, type Mask } from '../../run/local/mask-secrets.ts';
import { inOrder } from '../../validate/validate-pipeline.ts';
import type { MadePlan } from './make-plan.ts';
import { withReadContexts } from './read-contexts.ts';

/** How long one look at the world may take before the run. */
const longestLookMs = 30_000;

/** Asks every step type, metric type and reporter to look at the world, before anything starts; shows what they found. */
export function checkPlan({ plan, pipeline, show }: MadePlan): Promise<PlanCheck> {
  const secrets = secretsAtHand(plan.secrets);
  // Those that are too short are refused by a run.
  const mask = createMask(Object.fromEntries(Object.entries(secrets).filter(([, value]) => isMaskable(value))));
  return withReadContexts({ run: 'check', plan, workdir: pipeline.folder, mask }, async (contextFor) => {
    const world = {
      contextFor: (key: string) => contextFor(key, AbortSignal.timeout(longestLookMs), () => undefined),
      secrets,
    };
    const check = masked(await verifyPlan(plan, pipeline, world), mask);
    show(inOrder(check.findings));
    return check;
  });
}

/** What plugins say may quote what they were given, or were answered. */
function masked({ findings, previews, unchecked }: PlanCheck, mask: Mask): PlanCheck {
  return {
    findings: findings.map((one) => ({ ...one, message: mask.text(one.message), ...(one.hint !== undefined && { hint: mask.text(one.hint) }) })),
    previews: new Map([...previews].map(([key, preview]) => [key, maskJson({ ...preview }, mask) as unknown as Preview])),
    unchecked: unchecked.map(({ key, because }) => ({ key, because: mask.text(because) })),
  };
}

/** What stops a run before it starts. */
export const isRefused = ({ findings }: PlanCheck): boolean => findings.some(({ severity }) => severity === 'error');

function secretsAtHand(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
