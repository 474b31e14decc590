import type { Finding } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import type { StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';
import type { StepKey } from './plan.ts';

/**
 * Finds the place in the file of a step of the plan. The cell of a matrix and the child of a composite have the place of their step. A
 * finding about the step as a whole is placed at its type, because `with` starts at whatever setting happens to come first.
 */
export function placesOf(pipeline: ValidPipeline): (key: StepKey, at: Finding['at']) => Place | undefined {
  const declared = new Map(keyedSteps(pipeline));
  return (key, at = []) => {
    const step = nearest(declared, key);
    if (!step) return undefined;
    return step.placeOf(at.length === 0 || step.action.kind === 'composite' ? ['uses'] : ['with', ...at]);
  };
}

function keyedSteps({ stages, finally: last }: ValidPipeline): readonly (readonly [StepKey, StepDeclaration])[] {
  const under = (group: string, steps: readonly StepDeclaration[]) => steps.map((step) => [`${group}/${step.id}`, step] as const);
  return [
    ...stages.flatMap((stage) => [...under(stage.id, stage.steps), ...under(`${stage.id}/finally`, stage.finally)]),
    ...under('finally', last),
  ];
}

function nearest(declared: ReadonlyMap<StepKey, StepDeclaration>, key: StepKey): StepDeclaration | undefined {
  for (let prefix = key; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))) {
    const step = declared.get(prefix);
    if (step) return step;
  }
  return undefined;
}
