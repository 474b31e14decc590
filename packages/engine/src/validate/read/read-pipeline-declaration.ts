import type { Json } from '../../contract/index.ts';
import type { Value } from '../../expressions/value.ts';
import { entriesOf, isMapping, type RawMapping } from '../../load/raw-pipeline.ts';
import { defaultAttemptTimeoutMs } from '../../model/defaults.ts';
import { defaultRetry } from '../../model/retry.ts';
import { describe } from '../../schema/describe.ts';
import { closestNames } from '../../util/closest-names.ts';
import { pipelineShape } from '../shapes/pipeline-shape.ts';
import type { PipelineDeclaration, ValidPipeline } from '../valid-pipeline.ts';
import { strings } from '../step-symbols.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readGate } from './gates/read-gate.ts';
import { readChannel } from './read-channel.ts';
import { readConcurrency } from './read-concurrency.ts';
import { readEnvironments } from './read-environments.ts';
import { readGroup } from './read-group.ts';
import { readInput } from './read-input.ts';
import { readDuration } from './read-quantity.ts';
import { fittingRetry, readRetry } from './read-retry.ts';
import { readSecrets } from './read-secrets.ts';
import { readStage } from './read-stage.ts';
import { readPrinted, readString, typeOfValue } from './read-string.ts';
import { readWindow } from './read-window.ts';
import { readEnv } from './steps/read-run.ts';
import { readSteps } from './steps/read-step.ts';

export function readPipelineDeclaration(root: RawMapping, context: ValidationContext): PipelineDeclaration {
  const { raw, registry } = context;
  const isVersionKnown = checkVersion(root, context);
  context.fits(pipelineShape, isVersionKnown ? root : { ...root, relpipe: 1 }, [], 'the pipeline');
  const inputs = entriesOf(root['inputs']).flatMap(([name, input]) => readInput(name, input, context));
  return {
    file: raw.file,
    folder: raw.folder,
    source: raw.source,
    name: stringOf(root['name']) ?? '',
    ...(stringOf(root['description']) !== undefined && { description: stringOf(root['description']) ?? '' }),
    registry,
    inputs,
    environments: readEnvironments(root, inputs, context),
    secrets: readSecrets(root['secrets'], context),
    groups: readGroups(root, context),
    ...(root['operators'] !== undefined && { operators: strings(root['operators']) }),
    defaults: readDefaults(root['defaults'], context),
    ...readTimeout(root['timeout'], context),
    windows: entriesOf(root['windows']).flatMap(([name, window]) => readWindow(name, window, context)),
    gates: entriesOf(root['gates']).flatMap(([name, gate]) => readGate(name, gate, context)),
    notify: listOf(root['notify']).flatMap((channel, index) => readChannel(channel as Json, ['notify', index], context)),
    stages: entriesOf(root['stages']).flatMap(([id, stage]) => readStage(id, stage, context)),
    finally: readSteps(listOf(root['finally']), { phase: 'finally', isParallel: false, path: ['finally'] }, context),
    ...(root['on-failure'] !== undefined && { onFailure: root['on-failure'] as NonNullable<ValidPipeline['onFailure']> }),
    ...readConcurrency(root['concurrency'], ['concurrency'], context),
    ...(stringOf(root['runbook']) !== undefined && { runbook: stringOf(root['runbook']) ?? '' }),
    ...maxParallelRollbacks(root['rollback']),
    ...readOutputs(root['outputs'], context),
  };
}

function maxParallelRollbacks(rollback: Json | undefined): Pick<PipelineDeclaration, 'maxParallelRollbacks'> {
  const limit = isMapping(rollback) ? rollback['max-parallel'] : undefined;
  return typeof limit === 'number' ? { maxParallelRollbacks: limit } : {};
}

const listOf = (value: Json | undefined): readonly unknown[] => (Array.isArray(value) ? value : []);
const stringOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Checked first: in another version, every other key may have another meaning. */
function checkVersion({ relpipe, ...keys }: RawMapping, context: ValidationContext): boolean {
  if (relpipe === 1) return true;
  if (relpipe === undefined) reportMissingVersion(keys, context);
  else if (relpipe === null) context.report('REL_VERSION_MISSING', {}, ['relpipe']);
  else context.report('REL_VERSION_UNKNOWN', { found: context.raw.sourceTextOf(['relpipe']) ?? describe(relpipe) }, ['relpipe']);
  return false;
}

/** A misspelt `relpipe` is reported as such. */
function reportMissingVersion(keys: RawMapping, context: ValidationContext): void {
  if (closestNames('relpipe', Object.keys(keys)).length === 0) context.report('REL_VERSION_MISSING', {}, []);
}

const readGroups = (root: RawMapping, context: ValidationContext): PipelineDeclaration['groups'] =>
  Object.fromEntries(
    entriesOf(root['groups']).flatMap(([name, group]) => {
      const read = readGroup(name, group, context);
      return read === undefined ? [] : [[name, read]];
    }),
  );

function readDefaults(defaults: Json | undefined, context: ValidationContext): PipelineDeclaration['defaults'] {
  const { timeout, retry, env } = isMapping(defaults) ? defaults : {};
  const names = context.scope.withoutSteps('every command of the file has it');
  return {
    timeoutMs: typeof timeout === 'string' ? readDuration(timeout, ['defaults', 'timeout'], context) : defaultAttemptTimeoutMs,
    retry: { ...defaultRetry, ...readRetry(fittingRetry(retry), ['defaults', 'retry'], context) },
    ...(isMapping(env) && { env: readEnv(env as Parameters<typeof readEnv>[0], ['defaults', 'env'], names, context, readPrinted) }),
  };
}

function readTimeout(timeout: Json | undefined, context: ValidationContext): Pick<PipelineDeclaration, 'timeoutMs' | 'timeoutAt'> {
  if (typeof timeout !== 'string') return {};
  return { timeoutMs: readDuration(timeout, ['timeout'], context), timeoutAt: context.raw.placeOf(['timeout']) };
}

function readOutputs(written: Json | undefined, context: ValidationContext): Pick<PipelineDeclaration, 'outputs' | 'outputTypes'> {
  const names = context.scope.atTheEnd('outputs');
  const outputs = entriesOf(written).map(([name, value]): [string, Value] => [
    name,
    typeof value === 'string' ? (readString(value, ['outputs', name], names, context) ?? '') : value,
  ]);
  return {
    outputs: Object.fromEntries(outputs),
    outputTypes: Object.fromEntries(outputs.map(([name, value]) => [name, typeOfValue(value, names, context)])),
  };
}
