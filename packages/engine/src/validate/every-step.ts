import type { PipelineDeclaration } from './read/read-pipeline-declaration.ts';
import type { StepDeclaration } from './valid-pipeline.ts';

/** Every step of a pipeline, those that undo others included. */
export function everyStep({ stages, finally: last }: PipelineDeclaration): StepDeclaration[] {
  const steps = [...stages.flatMap((stage) => [...stage.steps, ...stage.finally]), ...last];
  return steps.flatMap((step) => [step, ...(step.rollback === undefined || step.rollback === 'none' ? [] : step.rollback)]);
}
