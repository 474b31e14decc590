import type { StepDeclaration, ValidPipeline } from './valid-pipeline.ts';

/** Every step of a pipeline, the steps of rollbacks and of `finally` included. */
export function everyStep({ stages, finally: last }: Pick<ValidPipeline, 'stages' | 'finally'>): readonly StepDeclaration[] {
  const steps = [...stages.flatMap((stage) => [...stage.steps, ...stage.finally]), ...last];
  return steps.flatMap((step) => (typeof step.rollback === 'object' ? [step, ...step.rollback] : [step]));
}
