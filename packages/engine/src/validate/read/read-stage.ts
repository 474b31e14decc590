import type { Json } from '../../contract/index.ts';
import type { ValidationContext } from '../validation-context.ts';
import { stageShape } from '../shapes/pipeline-shape.ts';
import type { StageDeclaration } from '../valid-pipeline.ts';
import { readConcurrency } from './read-concurrency.ts';
import { readMachine } from './read-machine.ts';
import { readCondition } from './read-string.ts';
import { optionalDuration } from './read-quantity.ts';
import { readWindowNames } from './read-window.ts';
import { readSteps } from './steps/read-step.ts';

export function readStage(id: string, written: Json, context: ValidationContext): StageDeclaration[] {
  const path = ['stages', id];
  const hasName = context.hasNameForm('name', id, path);
  const stage = context.fitting(stageShape, written, path, `stage "${id}"`);
  if (!stage) return [];
  const isParallel = stage.parallel ?? false;
  const timeoutMs = optionalDuration(stage.timeout === undefined ? undefined : String(stage.timeout), [...path, 'timeout'], context);
  const whenNames = context.scope.beforeStage(id);
  const read: StageDeclaration = {
    id,
    title: stage.name ?? id,
    needs: stage.needs ?? [],
    ...readWindowNames(stage.window, [...path, 'window'], context.scope.withoutSteps(''), context),
    ...(stage.when !== undefined && { when: readCondition(stage.when, [...path, 'when'], whenNames, context) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    parallel: isParallel,
    ...readMachine(stage['runs-on'], [...path, 'runs-on'], context.scope.withoutSteps('where a step runs is known before the run'), context),
    ...(stage.skippable && { skippable: true }),
    ...(stage.runbook !== undefined && { runbook: stage.runbook }),
    ...readConcurrency(stage.concurrency, [...path, 'concurrency'], context),
    ...(stage['on-failure'] && { onFailure: stage['on-failure'] }),
    steps: readSteps(stage.steps, { phase: 'main', stage: id, isParallel, path: [...path, 'steps'] }, context),
    finally: readSteps(stage.finally ?? [], { phase: 'finally', stage: id, isParallel: false, path: [...path, 'finally'] }, context),
    at: context.raw.placeOfKey(path),
    placeOf: (inside) => context.raw.placeOf([...path, ...inside]),
  };
  return hasName ? [read] : [];
}
