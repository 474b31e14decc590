import { prepareCommand } from '../../../expressions/templates/prepare-command.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { runStepType } from '../../../model/built-in-types.ts';
import type { NamesHere } from '../../name-scope.ts';
import type { RunShape } from '../../shapes/step-shape.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { findingsInTemplate, readPrinted, readPrintedOrSecret, readString, reportInString } from '../read-string.ts';
import type { StepAction, StepPlace } from './step-place.ts';

/** `run:` is the built-in step type `relpipe.run`. */
export function readRun(step: RunShape, place: StepPlace, context: ValidationContext): StepAction {
  const { path, names } = place;
  const { run, probe, workdir, outputs, idempotent } = step;
  const command = readCommand(run, [...path, 'run'], 'RELPIPE', names, context);
  const probeCommand = probe === undefined ? undefined : readCommand(probe, [...path, 'probe'], 'RELPIPE_PROBE', names, context);
  const settings: Record<string, Value> = {
    command: command.command,
    ...(probeCommand && { probe: probeCommand.command }),
    ...(step.env && { env: readEnv(step.env, [...path, 'env'], names, context, readPrintedOrSecret) }),
    ...(workdir !== undefined && { workdir: readString(workdir, [...path, 'workdir'], names, context, 'string') ?? workdir }),
    ...(outputs && { outputs }),
    variables: { ...command.variables, ...probeCommand?.variables },
  };
  return {
    action: { kind: 'task', uses: runStepType, with: settings },
    onLost: idempotent === true ? 'retry' : probe === undefined ? 'ask' : 'probe',
  };
}

/** Variables of commands. `read`: whether their values may be secrets. */
export function readEnv(
  env: NonNullable<RunShape['env']>,
  path: Path,
  names: NamesHere,
  context: ValidationContext,
  read: typeof readPrinted,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!variableName.test(name)) context.report('REL_VARIABLE_NAME_INVALID', { name }, context.raw.placeOfKey([...path, name]));
      return [name, read(String(value), [...path, name], names, context) ?? ''];
    }),
  );
}

/** Every name that the operating system can separate from the value; some tools read names with dots or hyphens. */
const variableName = /^[^\s=${}]+$/;

interface ReadCommand {
  readonly command: Value;
  /** The environment variables that it needs. */
  readonly variables: Readonly<Record<string, Value>>;
}

/** Expressions reach a shell as variables, and an argument list printed. */
export function readCommand(
  command: string | readonly string[],
  path: Path,
  prefix: string,
  names: NamesHere,
  context: ValidationContext,
): ReadCommand {
  if (typeof command !== 'string') {
    const parts = command.map((part, index) => readPrinted(part, [...path, index], names, context) ?? part);
    return { command: parts, variables: {} };
  }
  if (!command.includes('${{')) return { command, variables: {} };
  const prepared = prepareCommand(command, prefix);
  const findings = prepared.expressions.flatMap((expression) => findingsInTemplate(expression, names, context));
  reportInString(prepared.ok ? findings : [...prepared.findings, ...findings], path, context);
  return prepared.ok ? { command: prepared.command, variables: prepared.variables } : { command, variables: {} };
}
