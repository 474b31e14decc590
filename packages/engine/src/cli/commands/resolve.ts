import { readValues, type DeclaredOutputs } from '../../builtin/command-values.ts';
import { isStepError, type Json } from '../../contract/index.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { reservedKeyProblem } from '../../expressions/reserved-keys.ts';
import { runStepType } from '../../model/built-in-types.ts';
import type { PlanStep } from '../../plan/plan.ts';
import type { AskOp } from '../../run/core/operation.ts';
import { stepOf } from '../../run/core/state/run-state.ts';
import { findQuestion } from '../record/find.ts';
import { printRecorded, sendCommand, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, namedStep, readAssignments, repeatedOption, type AddCommand } from './options.ts';

interface ResolveOptions extends SendOptions {
  readonly tookEffect?: boolean;
  /** False for `--no-effect`, which Commander takes for the opposite of an option. */
  readonly effect: boolean;
  readonly rolledBack?: boolean;
  readonly cannotRollBack?: boolean;
  readonly overwrite?: boolean;
  readonly output: readonly string[];
  readonly comment?: string;
}

/** `relpipe resolve [RUN] [STEP] --took-effect | --no-effect | --rolled-back | --cannot-roll-back | --overwrite` */
export const addResolve: AddCommand = (program, exit) => {
  const command = program
    .command('resolve')
    .description('tell a run whether an interrupted step took effect, that you rolled back a step, or whether a rollback overwrites the changes of others')
    .argument(...changedRun)
    .argument(...namedStep);
  addPersonOptions(command)
    .option('--took-effect', 'the interrupted step took effect; the run continues after it')
    .option('--no-effect', 'the interrupted step did not take effect; it runs again')
    .option('--rolled-back', 'you completed the requested manual rollback, which relpipe verifies; or what others have changed stays, and counts as rolled back')
    .option('--cannot-roll-back', 'the requested manual rollback is not possible; the rollback has failed')
    .option('--overwrite', 'the rollback overwrites what others have changed')
    .addOption(repeatedOption('--output <name=value>', 'with --took-effect: an output that the step would have produced'))
    .option('-m, --comment <text>', 'recorded with the answer')
    .action(async (run: string | undefined, step: string | undefined, options: ResolveOptions) => exit(await resolve(run, step, options)));
};

interface Answer {
  /** The questions that it answers, each with yes or no. */
  readonly yesTo: Partial<Readonly<Record<AskOp['question'], boolean>>>;
  readonly recorded: string;
}

const answers = {
  tookEffect: { yesTo: { 'outcome-unknown': true }, recorded: 'took effect' },
  noEffect: { yesTo: { 'outcome-unknown': false }, recorded: 'did not take effect' },
  rolledBack: { yesTo: { 'manual-rollback': true, 'changed-by-others': false }, recorded: 'was rolled back' },
  cannotRollBack: { yesTo: { 'manual-rollback': false }, recorded: 'cannot be rolled back' },
  overwrite: { yesTo: { 'changed-by-others': true }, recorded: 'overwrites what others have changed' },
} as const satisfies Readonly<Record<string, Answer>>;

async function resolve(name: string | undefined, step: string | undefined, options: ResolveOptions): Promise<number> {
  const { yesTo, recorded } = answerIn(options);
  let asked = '';
  return sendCommand(
    [name, step],
    options,
    async (from, state, named) => {
      const ask = findQuestion(state, named, Object.keys(yesTo) as AskOp['question'][], 'resolved');
      const yes = yesTo[ask.question] === true;
      asked = ask.step;
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      const output = ask.question === 'outcome-unknown' && yes ? { output: await readOutput(stepOf(state, asked).plan, options.output) } : {};
      return { ...from, command: 'resolve', key: ask.key, fingerprint: ask.fingerprint, happened: yes, ...output, ...comment };
    },
    (sent) => printRecorded(`step ${asked} ${recorded} (${sent.command.who.who})`, sent),
  );
}

function answerIn(options: ResolveOptions): Answer {
  const flags = { ...options, noEffect: !options.effect };
  const given = Object.entries(answers).filter(([name]) => flags[name as keyof typeof answers] === true);
  if (given[0] !== undefined && given.length === 1) return given[0][1];
  throw usage('Give exactly one of --took-effect, --no-effect, --rolled-back, --cannot-roll-back and --overwrite.');
}

/** What a person says that a step has produced: every output that a command declares, of its type. Throws `REL_USAGE`. */
async function readOutput(step: PlanStep, given: readonly string[]): Promise<Readonly<Record<string, Json>>> {
  const values = readAssignments(given, 'resolve');
  const declared = declaredBy(step);
  if (declared === undefined) return values;
  requireNames(Object.keys(declared), Object.keys(values));
  let output: Readonly<Record<string, Json>>;
  try {
    output = await readValues(declared, values);
  } catch (error) {
    throw isStepError(error) ? usage(error.message) : error;
  }
  for (const [name, value] of Object.entries(output)) requireData(name, value);
  return output;
}

function declaredBy({ act }: PlanStep): DeclaredOutputs | undefined {
  if (act.act !== 'task' || act.uses !== runStepType) return undefined;
  return (act.with as { readonly outputs?: DeclaredOutputs }).outputs ?? {};
}

function requireNames(declared: readonly string[], given: readonly string[]): void {
  const missing = declared.filter((name) => !given.includes(name));
  if (missing.length > 0) throw usage(`Later steps read the outputs of this step; add: ${missing.map((name) => `--output ${name}=…`).join(' ')}`);
  const unknown = given.find((name) => !declared.includes(name));
  if (unknown !== undefined) throw usage(`The step has no output "${unknown}"${declared.length > 0 ? `, only ${declared.join(', ')}` : ''}.`);
}

function requireData(name: string, value: Json): void {
  const problem = reservedKeyProblem(value);
  if (problem !== undefined) throw usage(`The output "${name}" is not valid: ${problem}.`);
}

const usage = (because: string) => relpipeError('REL_USAGE', { because, command: 'resolve' });
