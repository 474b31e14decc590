import { resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { defineMetric, type MeasureContext } from '../contract/index.ts';
import { relpipeStepError } from '../errors/relpipe-error.ts';
import { argumentsOf, variablesOf } from './command-shell.ts';
import { printedNumber } from './command-values.ts';
import { runSchema } from './run.ts';

const { command, env, workdir, variables } = runSchema.properties;
const schema = Type.Object({ command, env, workdir, variables }, { additionalProperties: false });
type CommandMetricConfig = Static<typeof schema>;

/** The metric type behind `run:` of a metric: a command whose last line is one number. */
export const commandMetric = defineMetric({
  summary: 'A number that a command prints as its last line',
  with: schema,
  unit: 'from-config',
  answersForThePast: false,
  countsSamples: false,
  async measure(config, _request, context) {
    const at = context.clock.now();
    const printed = lastLine(await runCommand(config, context));
    const query = typeof config.command === 'string' ? config.command : config.command.join(' ');
    return [{ at, value: numberOf(printed), query, raw: printed, warnings: [] }];
  },
});

async function runCommand(config: CommandMetricConfig, context: MeasureContext): Promise<string> {
  const { code, stdout, stderr } = await context.exec(argumentsOf(config.command), {
    env: { ...variablesOf(config.variables), ...config.env },
    cwd: resolve(context.workdir, config.workdir ?? '.'),
  });
  if (code === 0) return stdout;
  const printed = shorten(lastLine(stderr) || lastLine(stdout));
  throw relpipeStepError('REL_METRIC_COMMAND_FAILED', { ended: `exit code ${code}`, printed });
}

const lastLine = (printed: string): string =>
  printed
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '') ?? '';

/** A number as programs print them; `nan` says that no number can be compared. */
function numberOf(printed: string): number {
  if (/^[+-]?nan$/i.test(printed)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(printed)) return printed.startsWith('-') ? -Infinity : Infinity;
  const number = printedNumber(printed);
  if (number === undefined) throw relpipeStepError('REL_METRIC_COMMAND_NOT_A_NUMBER', { printed: shorten(printed) });
  return number;
}

const shorten = (line: string): string => (line.length > 200 ? `${line.slice(0, 199)}…` : line);
