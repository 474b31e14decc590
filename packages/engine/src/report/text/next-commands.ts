import { shellWord } from '../../util/shell-word.ts';
import type { StepKey } from '../../plan/plan.ts';
import { isAtPointOfNoReturn, modeOf, type RunView } from '../view/run-view.ts';

/** Where the commands about a run find it, when the folder in which they are typed is not enough. */
export interface CommandPlace {
  /** Full path of the journal. */
  readonly journal?: string;
  /** The folder to be in. */
  readonly folder?: string;
  /** What the program is called there; default: `relpipe`. */
  readonly program?: string;
}

/** The flags of `relpipe resolve`. */
type Answer = 'took-effect' | 'no-effect' | 'rolled-back' | 'cannot-roll-back' | 'overwrite';

/** The commands that reports print, in one place so that they stay true: each can be copied as it is. */
export interface NextCommands {
  approve(run: string, step: StepKey): string;
  reject(run: string, step: StepKey): string;
  resolve(run: string, step: StepKey, answer: Answer): string;
  continue(run: string): string;
  rollback(run: string): string;
  resume(run: string): string;
  report(run: string): string;
  /** A text with commands in it, e.g. a hint, with those commands as they can be copied here. */
  inText(text: string): string;
}

export function nextCommandsAt({ journal, folder, program = 'relpipe' }: CommandPlace = {}): NextCommands {
  const first = folder === undefined ? program : `cd ${shellWord(folder)} && ${program}`;
  const last = journal === undefined ? '' : ` --journal ${shellWord(journal)}`;
  const command = (name: string, run: string, rest = ''): string => `${first} ${name} ${shellWord(run)}${rest}${last}`;
  return {
    approve: (run, step) => command('approve', run, ` ${shellWord(step)}`),
    reject: (run, step) => command('reject', run, ` ${shellWord(step)}`),
    resolve: (run, step, answer) => command('resolve', run, ` ${shellWord(step)} --${answer}`),
    continue: (run) => `${command('continue', run)} --reason "…"`,
    rollback: (run) => `${command('rollback', run)} --reason "…"`,
    resume: (run) => command('resume', run),
    report: (run) => command('report', run),
    inText: (text) =>
      text
        .replace(aboutRuns, (found) => `${found}${last}`)
        .replace(anyCommand, program),
  };
}

/** A command about recorded runs, with its arguments: they end with the sentence. */
const aboutRuns = /\brelpipe (?:status|runs|resume|logs|report|approve|reject|resolve|continue|pause|stop|rollback)\b(?! --help)(?: (?:'[^']*'|"[^"]*"|[\w./@:+=,-]*[\w/@:+=-]))*/g;
/** The program where it is called, and not spoken of. Once it has another name, it stays as it is. */
const anyCommand = /(?<!npx )\brelpipe(?= (?:--help|(?:validate|plan|run|status|runs|resume|logs|report|approve|reject|resolve|continue|pause|stop|rollback)\b))/g;

/** The commands by which a person ends a wait. */
export function commandsForWait(next: NextCommands, why: string, run: string, step: string): readonly string[] {
  if (why === 'approval') return [next.approve(run, step), next.reject(run, step)];
  return (answersTo[why] ?? []).map((answer) => next.resolve(run, step, answer));
}

const answersTo: Readonly<Record<string, readonly Answer[]>> = {
  'outcome-unknown': ['took-effect', 'no-effect'],
  'manual-rollback': ['rolled-back', 'cannot-roll-back'],
  'changed-by-others': ['overwrite', 'rolled-back'],
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
  const rollBack: CommandTo = { to: 'roll back', command: next.rollback(run) };
  if (isAtPointOfNoReturn(view)) return [{ to: 'end run', command: next.continue(run) }, report];
  if (modeOf(view) === 'paused') return [{ to: 'continue', command: next.continue(run) }, rollBack, report];
  if (view.parked || view.interrupted) return [{ to: 'resume', command: next.resume(run) }, rollBack, report];
  return [rollBack, report];
}

/** `resume:    relpipe resume d9rn` */
export const commandLine = ({ to, command }: CommandTo): string => `${`${to}:`.padEnd(10)} ${command}`;
