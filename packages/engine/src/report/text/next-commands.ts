import type { StepKey } from '../../plan/plan.ts';
import { isAtPointOfNoReturn, modeOf, type RunView } from '../view/run-view.ts';

/** Where the commands about a run find it, when the folder in which they are typed is not enough. */
export interface CommandPlace {
  /** Full path of the journal. */
  readonly journal?: string;
  /** The folder to be in. */
  readonly folder?: string;
}

/** The flags of `relpipe resolve`. */
type Answer = 'took-effect' | 'no-effect' | 'rolled-back' | 'cannot-roll-back';

/** The commands that reports print, in one place so that they stay true: each can be copied as it is. */
export interface NextCommands {
  approve(run: string, step: StepKey): string;
  reject(run: string, step: StepKey): string;
  resolve(run: string, step: StepKey, answer: Answer): string;
  continue(run: string): string;
  abort(run: string): string;
  resume(run: string): string;
  report(run: string): string;
}

export function nextCommandsAt({ journal, folder }: CommandPlace = {}): NextCommands {
  const first = folder === undefined ? 'relpipe' : `cd ${word(folder)} && relpipe`;
  const last = journal === undefined ? '' : ` --journal ${word(journal)}`;
  const command = (name: string, run: string, rest = ''): string => `${first} ${name} ${word(run)}${rest}${last}`;
  return {
    approve: (run, step) => command('approve', run, ` ${word(step)}`),
    reject: (run, step) => command('reject', run, ` ${word(step)}`),
    resolve: (run, step, answer) => command('resolve', run, ` ${word(step)} --${answer}`),
    continue: (run) => `${command('continue', run)} --reason "…"`,
    abort: (run) => `${command('abort', run)} --reason "…"`,
    resume: (run) => command('resume', run),
    report: (run) => command('report', run),
  };
}

/** The commands by which a person ends a wait. */
export function commandsForWait(next: NextCommands, why: string, run: string, step: string): readonly string[] {
  if (why === 'approval') return [next.approve(run, step), next.reject(run, step)];
  return (answersTo[why] ?? []).map((answer) => next.resolve(run, step, answer));
}

const answersTo: Readonly<Record<string, readonly Answer[]>> = {
  'outcome-unknown': ['took-effect', 'no-effect'],
  'manual-rollback': ['rolled-back', 'cannot-roll-back'],
};

interface CommandTo {
  readonly to: 'continue' | 'end run' | 'resume' | 'roll back' | 'report';
  readonly command: string;
}

/** The commands by which a person continues a run in its present state, or inspects it. */
export function commandsForRun(next: NextCommands, view: RunView): readonly CommandTo[] {
  const { run } = view;
  const report: CommandTo = { to: 'report', command: next.report(run) };
  if (view.over) return [report];
  const rollBack: CommandTo = { to: 'roll back', command: next.abort(run) };
  if (isAtPointOfNoReturn(view)) return [{ to: 'end run', command: next.continue(run) }, report];
  if (modeOf(view) === 'frozen') return [{ to: 'continue', command: next.continue(run) }, rollBack, report];
  if (view.parked || view.interrupted) return [{ to: 'resume', command: next.resume(run) }, rollBack, report];
  return [rollBack, report];
}

/** `resume:    relpipe resume d9rn` */
export const commandLine = ({ to, command }: CommandTo): string => `${`${to}:`.padEnd(10)} ${command}`;

/** Quoted for a shell where it has to be. */
const word = (text: string): string => (/^[\w./@:+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
