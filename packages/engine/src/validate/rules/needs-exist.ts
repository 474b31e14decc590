import type { OutlinedStage } from '../outline.ts';
import type { Reading } from '../reading.ts';
import type { Rule } from './rule.ts';

/** A stage needs stages; a step of a parallel stage needs steps of the same stage. */
export const needsExist: Rule = (_, reading) => {
  const { stages } = reading.outline;
  for (const stage of stages.values()) {
    const others = [...stages.keys()].filter((id) => id !== stage.id);
    for (const [index, need] of stage.needs.entries()) {
      if (!stages.has(need)) reading.reportUnknown('stage', need, others, ['stages', stage.id, 'needs', index]);
    }
    if (stage.isParallel) stepNeedsExist(stage, reading);
  }
};

function stepNeedsExist(stage: OutlinedStage, reading: Reading): void {
  const here = stage.steps.map(({ id }) => id);
  for (const { id: itself, path, needs } of stage.steps) {
    for (const [index, need] of needs.entries()) {
      if (here.includes(need)) continue;
      const at = [...path, 'needs', index];
      const elsewhere = reading.outline.steps.find(({ id, phase }) => id === need && phase === 'main')?.stage;
      if (elsewhere === undefined) reading.reportUnknown('step', need, here.filter((id) => id !== itself), at);
      else reading.report('REL_NEEDS_OTHER_STAGE', { need, stage: elsewhere, here: stage.id }, at);
    }
  }
}
