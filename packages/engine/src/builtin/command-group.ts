import { resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { defineGroup, type ReadContext } from '../contract/index.ts';
import { relpipeStepError } from '../errors/relpipe-error.ts';
import { shorten } from '../util/phrases.ts';
import { argumentsOf, variablesOf } from './command-shell.ts';
import { runSchema } from './run.ts';

const { command, variables } = runSchema.properties;
const schema = Type.Object({ command, variables }, { additionalProperties: false });

/** The group type behind `run:` of a group: a command that prints one name a line. */
export const commandGroup = defineGroup({
  summary: 'The people whom a command prints, one name a line',
  with: schema,
  members: printedNames,
});

async function printedNames({ command: written, variables: values }: Static<typeof schema>, context: ReadContext): Promise<readonly string[]> {
  const { code, stdout, stderr } = await context.exec(argumentsOf(written), { env: variablesOf(values), cwd: resolve(context.workdir) });
  if (code === 0) return linesOf(stdout);
  throw relpipeStepError('REL_GROUP_COMMAND_FAILED', { ended: `exit code ${code}`, printed: shorten(linesOf(stderr).at(-1) ?? '') });
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
