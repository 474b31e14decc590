import type { Ms } from '../../model/ms.ts';
import type { GroupKey, StepKey } from '../../plan/plan.ts';

/** Where traffic was sent, from outputs named `weight`. */
export interface WeightView {
  readonly at: Ms;
  /** 0..100 */
  readonly percent: number;
  readonly step: StepKey;
  /** Weights of one lane are the same knob: a stage, or a composite together with its rollback. */
  readonly lane: GroupKey;
}

/** The newest weight of every lane. */
export const currentWeights = ({ weights }: { readonly weights: readonly WeightView[] }): readonly WeightView[] => [
  ...new Map(weights.map((weight) => [weight.lane, weight])).values(),
];
