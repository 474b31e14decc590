import type { StepSymbol } from '../step-symbols.ts';
import type { StageSymbol } from '../symbols.ts';
import type { Rule, ValidationContext } from '../validation-context.ts';

/** A stage needs stages; a step of a parallel stage needs steps of the same stage. */
export const needsExist: Rule = (_, context) => {
  const { stages, steps } = context.symbols;
  const stageIds = [...stages.keys()];
  const stageOf = new Map(steps.filter(({ phase }) => phase === 'main').map(({ id, stage }) => [id, stage]));
  for (const stage of stages.values()) {
    for (const [index, need] of stage.needs.entries()) {
      if (!stages.has(need)) context.reportUnknown('stage', need, stageIds, ['stages', stage.id, 'needs', index], stage.id);
    }
    if (stage.isParallel) stepNeedsExist(stage, stageOf, context);
  }
};

function stepNeedsExist(stage: StageSymbol, stageOf: ReadonlyMap<string, StepSymbol['stage']>, context: ValidationContext): void {
  const ids = stage.steps.map(({ id }) => id);
  const here = new Set(ids);
  for (const { id: itself, path, needs } of stage.steps) {
    for (const [index, need] of needs.entries()) {
      if (here.has(need)) continue;
      const at = [...path, 'needs', index];
      const elsewhere = stageOf.get(need);
      if (elsewhere === undefined) context.reportUnknown('step', need, ids, at, itself);
      else context.report('REL_NEEDS_OTHER_STAGE', { need, stage: elsewhere, here: stage.id }, at);
    }
  }
}
