import type { StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';

/** Every step of the file, also those that undo and those at the end. */
export function allSteps({ stages, finally: last }: ValidPipeline): readonly StepDeclaration[] {
  return [...stages.flatMap((stage) => [...stage.steps, ...stage.finally]), ...last].flatMap(withRollback);
}

const withRollback = (step: StepDeclaration): readonly StepDeclaration[] =>
  typeof step.rollback === 'object' ? [step, ...step.rollback] : [step];
