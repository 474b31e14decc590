import type { Preview } from '../../contract/index.ts';
import { checkMachine } from '../../plan/check-machine.ts';
import { verifyPlan, type PlanCheck } from '../../plan/verify-plan.ts';
import { maskJson } from '../../run/local/masking/mask-json.ts';
import { createMask, isMaskable, type Mask } from '../../run/local/masking/mask-secrets.ts';
import { thisMachine } from '../../run/local/this-machine.ts';
import type { MadePlan } from './make-plan.ts';
import { shorten } from '../../util/phrases.ts';
import { timeLimit } from '../../util/time-limit.ts';
import { withReadContexts } from './read-contexts.ts';
import { secretsAtHand } from './secrets.ts';

/** How long the checks may take before the run, and how long after that one that could not check may still say why. */
const [longestCheckMs, lastWordMs] = [30_000, 250];

/**
 * Lets every step type, metric type and channel check the world before anything starts; prints their findings. `gravest`: what an error
 * counts as.
 */
export function checkPlan({ plan, pipeline, show }: MadePlan, gravest: 'error' | 'warning' = 'error'): Promise<PlanCheck> {
  const secrets = secretsAtHand(plan, process.env);
  // A run refuses those that are too short.
  const mask = createMask(Object.fromEntries(Object.entries(secrets).filter(([, value]) => isMaskable(value))));
  return withReadContexts({ run: 'check', plan, workdir: pipeline.folder, mask }, async (contextFor) => {
    const { signal, isOver, callOff } = timeLimit(longestCheckMs, lastWordMs);
    const world = { contextFor: (key: string) => contextFor(key, signal, () => undefined), isOver, secrets, now: Date.now() };
    const found = masked(await verifyPlan(plan, pipeline, world).finally(callOff), mask);
    const ofWorld = gravest === 'error' ? found.findings : found.findings.map((one) => ({ ...one, severity: gravest }));
    const findings = [...checkMachine(plan, pipeline, thisMachine()), ...ofWorld];
    show(findings);
    return { ...found, findings };
  });
}

/** A plugin's message may quote a secret that it was given. */
function masked({ findings, previews, unchecked, windows }: PlanCheck, mask: Mask): PlanCheck {
  const shown = (text: string): string => shorten(mask.text(text));
  return {
    windows,
    findings: findings.map((one) => ({ ...one, message: shown(one.message), ...(one.hint !== undefined && { hint: shown(one.hint) }) })),
    previews: new Map([...previews].map(([key, preview]) => [key, maskJson({ ...preview }, mask) as unknown as Preview])),
    unchecked: unchecked.map(({ key, because }) => ({ key, because: shown(because) })),
  };
}

/** Whether a finding keeps a run from starting. */
export const isRefused = ({ findings }: PlanCheck): boolean => findings.some(({ severity }) => severity === 'error');
