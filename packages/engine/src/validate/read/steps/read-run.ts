import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import type { RunShape } from '../../shapes/step-shape.ts';
import type { StepDeclaration } from '../../valid-pipeline.ts';
import { readCommand } from './read-command.ts';
import { readPrintedOrSecret, readText } from '../read-text.ts';
import type { StepPlace } from './step-place.ts';

type Act = Pick<StepDeclaration, 'action' | 'onLost'>;

/** `run:` is the built-in step type `relpipe.run`. */
export function readRun(step: RunShape, place: StepPlace, reading: Reading): Act {
  const { path, names } = place;
  const { run, probe, workdir, outputs, idempotent } = step;
  const command = readCommand(run, [...path, 'run'], 'RELPIPE', names, reading);
  const asked = probe === undefined ? undefined : readCommand(probe, [...path, 'probe'], 'RELPIPE_PROBE', names, reading);
  const settings: Record<string, Value> = {
    command: command.command,
    ...(asked && { probe: asked.command }),
    ...(step.env && { env: readEnv(step.env, [...path, 'env'], place, reading) }),
    ...(workdir !== undefined && { workdir: readText(workdir, [...path, 'workdir'], names, reading, 'string') ?? workdir }),
    ...(outputs && { outputs }),
    variables: { ...command.variables, ...asked?.variables },
  };
  return {
    action: { kind: 'task', uses: 'relpipe.run', with: settings },
    onLost: idempotent === true ? 'retry' : probe === undefined ? 'ask' : 'probe',
  };
}

function readEnv(env: NonNullable<RunShape['env']>, path: Path, { names }: StepPlace, reading: Reading): Value {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!variableName.test(name)) reading.report('REL_VARIABLE_NAME_INVALID', { name }, reading.raw.placeOfKey([...path, name]));
      return [name, readPrintedOrSecret(String(value), [...path, name], names, reading) ?? ''];
    }),
  );
}

/** What the operating system can keep apart from the value; some tools read names with dots or hyphens. */
const variableName = /^[^\s=${}]+$/;
