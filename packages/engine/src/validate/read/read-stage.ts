import type { Json } from '../../contract/index.ts';
import type { Reading } from '../reading.ts';
import { stageShape } from '../shapes/pipeline-shape.ts';
import type { StageDeclaration } from '../valid-pipeline.ts';
import { readCondition } from './read-condition.ts';
import { optionalDuration } from './read-quantity.ts';
import { readSteps } from './steps/read-step.ts';

export function readStage(id: string, written: Json, reading: Reading): StageDeclaration[] {
  const path = ['stages', id];
  const hasName = reading.hasNameForm('name', id, path);
  const stage = reading.fitting(stageShape, written, path, `stage "${id}"`);
  if (!stage) return [];
  const isParallel = stage.parallel ?? false;
  const timeoutMs = optionalDuration(stage.timeout === undefined ? undefined : String(stage.timeout), [...path, 'timeout'], reading);
  const whenNames = reading.settled.beforeStage(id);
  const read: StageDeclaration = {
    id,
    title: stage.name ?? id,
    needs: stage.needs ?? [],
    ...(stage.when !== undefined && { when: readCondition(stage.when, [...path, 'when'], whenNames, reading) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    parallel: isParallel,
    ...(stage['on-failure'] && { onFailure: stage['on-failure'] }),
    steps: readSteps(stage.steps, { phase: 'main', stage: id, isParallel, path: [...path, 'steps'] }, reading),
    finally: readSteps(stage.finally ?? [], { phase: 'finally', stage: id, isParallel: false, path: [...path, 'finally'] }, reading),
    at: reading.raw.placeOfKey(path),
  };
  return hasName ? [read] : [];
}
