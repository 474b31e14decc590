import { isAbsolute } from 'node:path';
import type { Value } from '../../../expressions/value.ts';
import { defaultWakeEveryMs } from '../../../model/defaults.ts';
import type { ApprovalShape, AssertShape, GateStepShape, HoldShape, PipelineStepShape, RunShape, UsesShape } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { optionalDuration, readDuration } from '../read-quantity.ts';
import { readMachine } from '../read-machine.ts';
import { readRetry } from '../read-retry.ts';
import { readCondition, readPrinted } from '../read-string.ts';
import { readWindowNames } from '../read-window.ts';
import { readMatrix } from './read-matrix.ts';
import type { ListPlace, StepPlace } from './step-place.ts';

type StepShape = RunShape | UsesShape | PipelineStepShape | HoldShape | GateStepShape | ApprovalShape | AssertShape;
/** An `assert` takes no time: it has none of them. */
type TimedKeys = Partial<Pick<HoldShape, 'timeout' | 'gates' | 'wake-every' | 'runs-on'>>;
type CommonKeys = Omit<StepDeclaration, 'action'>;

/** The keys that every step can have. */
export function readCommonKeys(step: StepShape, place: StepPlace, context: ValidationContext): CommonKeys {
  const { path, names } = place;
  const { timeout, 'wake-every': wakeEvery, 'runs-on': runsOn }: TimedKeys = 'assert' in step ? {} : step;
  const id = step.id ?? '';
  const timeoutMs = optionalDuration(timeout === undefined ? undefined : String(timeout), [...path, 'timeout'], context);
  return {
    id,
    title: step.name ?? id,
    needs: step.needs ?? [],
    ...(step.when !== undefined && { when: readCondition(step.when, [...path, 'when'], names, context) }),
    ...readWindowNames(step.window, [...path, 'window'], names, context),
    ...(step.matrix && { matrix: readMatrix(step.matrix, place, context) }),
    ...readMachine(runsOn, [...path, 'runs-on'], names, context),
    gates: readGateEntries(gatesOf(step)),
    ...(timeoutMs !== undefined && { timeoutMs }),
    wakeEveryMs: wakeEvery === undefined ? defaultWakeEveryMs : readDuration(String(wakeEvery), [...path, 'wake-every'], context),
    irreversible: false,
    onLost: 'ask',
    ...(step.skippable && { skippable: true }),
    ...(step.runbook !== undefined && { runbook: step.runbook }),
    ...(step['on-failure'] && { onFailure: step['on-failure'] }),
    at: context.raw.placeOf(path),
    placeOf: (inside) => context.raw.placeOf([...path, ...inside]),
  };
}

/** The gate that a gate step waits for is the first one it watches. */
function gatesOf(step: StepShape): NonNullable<TimedKeys['gates']> {
  if ('assert' in step) return [];
  return 'gate' in step ? [step.gate, ...(step.gates ?? [])] : (step.gates ?? []);
}

/** `health`, or `{ health: rollback }`. */
function readGateEntries(entries: readonly (string | Readonly<Record<string, string>>)[]): StepDeclaration['gates'] {
  return entries.flatMap((entry) =>
    typeof entry === 'string'
      ? [{ gate: entry }]
      : Object.entries(entry).map(([gate, onFailure]) => ({ gate, onFailure: onFailure as 'rollback' | 'pause' | 'continue' })),
  );
}

type ReadSteps = (steps: readonly unknown[], list: ListPlace, context: ValidationContext) => StepDeclaration[];
type WorkingKeys = Pick<StepDeclaration, 'retry' | 'rollback' | 'irreversible'>;

/** The further keys of steps that do something. */
export function readWorkingKeys(step: RunShape | UsesShape, place: StepPlace, context: ValidationContext, readSteps: ReadSteps): WorkingKeys {
  const { path } = place;
  const { retry, rollback } = step;
  const list: ListPlace = { ...place, phase: 'rollback', isParallel: false, path: [...path, 'rollback'] };
  return {
    irreversible: step.irreversible ?? false,
    ...(retry && { retry: readRetry(retry, [...path, 'retry'], context) }),
    ...(step.artifacts && { artifacts: readArtifacts(step.artifacts, place, context) }),
    ...(rollback && { rollback: rollback === 'none' ? rollback : readSteps(rollback, list, context) }),
  };
}

/** Files inside the folder of the pipeline file. Which ones is known before the run. */
function readArtifacts(globs: readonly string[], { path, names }: StepPlace, context: ValidationContext): readonly Value[] {
  const known: StepPlace['names'] = { ...names, whyNot: () => 'the files to keep are known before the run' };
  return globs.map((glob, index) => {
    const at = [...path, 'artifacts', index];
    if (isAbsolute(glob) || glob.split('/').includes('..')) context.report('REL_ARTIFACT_OUTSIDE', { glob }, at);
    return readPrinted(glob, at, known, context) ?? glob;
  });
}
