import type { MeasurementRecord } from '../../run/measurement-record.ts';
import type { StepView } from '../view/run-view.ts';
import { oneLine } from '../text/plain-text.ts';
import { verdictSymbols } from '../text/state-words.ts';
import { quantityText } from '../../run/judge/quantity-text.ts';
import type { PlanGate } from '../../plan/plan.ts';

/** The newest verdict and values of each gate that watches a step; nothing once the step has ended well. */
export function gateLines(step: StepView, gates: Readonly<Record<string, PlanGate>>): readonly string[] {
  return step.step.gates.flatMap(({ gate }) => {
    const judged = step.judged.findLast((one) => one.gate === gate);
    const verdict = judged ? `${verdictSymbols[judged.verdict]} ${gate} ${judged.verdict}: ${oneLine(judged.because)}` : `· ${gate}: no answer yet`;
    const values = valueTexts(step, gates[gate]);
    return values.length > 0 ? [verdict, `  ${values.join('   ')}`] : [verdict];
  });
}

function valueTexts(step: StepView, gate: PlanGate | undefined): readonly string[] {
  const measured = [...step.latest.values()];
  return (gate?.metrics ?? []).flatMap(({ name, unit }) => {
    const of = (side: MeasurementRecord['side']): MeasurementRecord | undefined =>
      measured.find((one) => one.gate === gate?.name && one.metric === name && one.side === side);
    const text = (one: MeasurementRecord): string =>
      one.error !== undefined ? 'error' : typeof one.value === 'number' ? quantityText(one.value, unit) : 'no data';
    const candidate = of('candidate');
    const baseline = of('baseline');
    if (candidate === undefined) return [];
    return [`${name} ${text(candidate)}${baseline ? ` (stable ${text(baseline)})` : ''}`];
  });
}
