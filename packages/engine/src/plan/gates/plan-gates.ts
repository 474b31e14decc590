import type { GateDeclaration } from '../../validate/valid-pipeline.ts';
import type { PlanDraft } from '../draft.ts';
import { secretNamesIn } from '../../expressions/value.ts';
import { fold } from '../fold.ts';
import type { PlanGate, PlanMetric } from '../plan.ts';

/** The gates of the file, with everything computed that is known already. */
export function planGates(draft: PlanDraft): Readonly<Record<string, PlanGate>> {
  return Object.fromEntries(draft.pipeline.gates.map((gate) => [gate.name, planGate(draft, gate)]));
}

const planGate = (draft: PlanDraft, { name, everyMs, metrics }: GateDeclaration): PlanGate => ({
  name,
  everyMs,
  metrics: metrics.map(({ at, ...metric }): PlanMetric => {
    const folding = { draft, placeOf: () => at };
    const config = fold(metric.with, folding);
    const baseline = metric.baseline === undefined ? undefined : fold(metric.baseline, folding);
    return { ...metric, with: config, ...(baseline !== undefined && { baseline }), secrets: secretNamesIn(config, baseline) };
  }),
});
