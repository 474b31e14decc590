import { isStepError, type Json } from '../../contract/index.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { PlanStep } from '../../plan/plan.ts';
import { readValues, type DeclaredOutputs } from '../../builtin/command-values.ts';
import type { AskOp } from '../../run/core/operation.ts';
import { stepOf } from '../../run/core/state/run-state.ts';
import { exitCodes } from '../exit-codes.ts';
import { findQuestion } from '../lookup/find.ts';
import { type LetterOptions, sayWhoGoesOn, sendLetter } from '../lookup/send-command.ts';
import { say } from '../output.ts';
import { readInputs } from '../session/make-plan.ts';

export interface SettleOptions extends LetterOptions {
  readonly happened?: boolean;
  readonly didNotHappen?: boolean;
  readonly done?: boolean;
  readonly cannotBeDone?: boolean;
  readonly output: readonly string[];
  readonly comment?: string;
}

interface Answer {
  readonly question: AskOp['question'];
  readonly yes: boolean;
  readonly words: string;
}

const answers = {
  happened: { question: 'outcome-unknown', yes: true, words: 'It happened' },
  didNotHappen: { question: 'outcome-unknown', yes: false, words: 'It did not happen' },
  done: { question: 'manual-rollback', yes: true, words: 'It is done' },
  cannotBeDone: { question: 'manual-rollback', yes: false, words: 'It cannot be done' },
} as const satisfies Readonly<Record<string, Answer>>;

/** `relpipe settle RUN STEP --happened | --did-not-happen | --done | --cannot-be-done` */
export async function settle(name: string | undefined, step: string | undefined, options: SettleOptions): Promise<number> {
  const { question, yes: happened, words } = answerIn(options);
  return sendLetter(
    name,
    options,
    async (from, state) => {
      const { key, fingerprint, step: asked } = findQuestion(state, step, question, 'settled');
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      const output = question === 'outcome-unknown' && happened ? { output: await readSettledOutput(stepOf(state, asked).plan, options.output) } : {};
      return { ...from, letter: 'settle', key, fingerprint, happened, ...output, ...comment };
    },
    async ({ letter, opened }) => {
      await say(`${words}, says ${letter.who.who}. ${sayWhoGoesOn(opened, letter.run)}\n`);
      return exitCodes.succeeded;
    },
  );
}

function answerIn(options: SettleOptions): Answer {
  const given = Object.entries(answers).filter(([name]) => options[name as keyof typeof answers] === true);
  if (given[0] !== undefined && given.length === 1) return given[0][1];
  throw relpipeError('REL_USAGE', { because: 'Say one of --happened, --did-not-happen, --done and --cannot-be-done.', command: 'settle' });
}

/** What a person says that a step has given: every output that a command declares, of its type. Throws `REL_USAGE`. */
export async function readSettledOutput(step: PlanStep, given: readonly string[]): Promise<Readonly<Record<string, Json>>> {
  const values = readInputs(given);
  const declared = declaredOf(step);
  if (declared === undefined) return values;
  insistOnNames(Object.keys(declared), Object.keys(values));
  try {
    return await readValues(declared, values);
  } catch (error) {
    throw isStepError(error) ? refused(error.message) : error;
  }
}

function declaredOf({ act }: PlanStep): DeclaredOutputs | undefined {
  if (act.act !== 'task' || act.uses !== 'relpipe.run') return undefined;
  return (act.with as { readonly outputs?: DeclaredOutputs }).outputs ?? {};
}

function insistOnNames(declared: readonly string[], given: readonly string[]): void {
  const missing = declared.filter((name) => !given.includes(name));
  if (missing.length > 0) throw refused(`Others read what the step gives; say also: ${missing.map((name) => `--output ${name}=…`).join(' ')}`);
  const stranger = given.find((name) => !declared.includes(name));
  if (stranger !== undefined) throw refused(`The step has no output "${stranger}"${declared.length > 0 ? `, only ${declared.join(', ')}` : ''}.`);
}

const refused = (because: string) => relpipeError('REL_USAGE', { because, command: 'settle' });
