import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../random.ts';
import { mutateJournal } from './mutate-journal.ts';

export interface JournalSetup {
  readonly seed: number;
  /** With the recorded journal. */
  readonly folder: string;
  readonly runs: readonly string[];
}

export interface JournalAnswer {
  /** What was done to the journal. */
  readonly what: string;
  /** What was shown and never recorded, or refused without saying that it is the journal. */
  readonly wrong: readonly string[];
  readonly stacks: readonly string[];
  readonly bytes: Uint8Array;
}

// Otherwise set by the build.
Object.assign(globalThis, { RELPIPE_VERSION: '0.0.0' });
const { main } = await import('../../../packages/engine/src/cli/main.ts');
process.emitWarning = () => undefined;
process.env['NO_COLOR'] = '1';

interface Shown {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

process.once('message', (setup: JournalSetup) => {
  void prepare(setup).then((check) => {
    process.on('message', ({ n }: { readonly n: number }) => void check(n).then((answer) => process.send?.(answer)));
    process.send?.('ready');
  });
});

async function prepare({ seed, folder, runs }: JournalSetup) {
  const own = join(folder, String(process.pid));
  mkdirSync(join(own, '.git'), { recursive: true });
  const journal = join(own, '.relpipe/journal.db');
  const restore = (): void => {
    rmSync(join(own, '.relpipe'), { recursive: true, force: true });
    cpSync(join(folder, '.relpipe'), join(own, '.relpipe'), { recursive: true });
  };
  process.chdir(own);
  const now = Date.now() + 60_000;
  Date.now = () => now;
  const commands = [['runs'], ['runs', '--json'], ...runs.flatMap((run) => [['status', run], ['status', run, '--json'], ['report', run, '-o', 'report.html']])];
  restore();
  const recorded = await showAll(commands);
  return async (n: number): Promise<JournalAnswer> => {
    restore();
    const what = mutateJournal(journal, new Random(seed, n));
    const bytes = readFileSync(journal);
    const answers = await showAll(commands);
    const problems = answers.map((answer, i) => problemOf(recorded[i], answer));
    const named = (kind: 'wrong' | 'stack') =>
      problems.flatMap((problem, i) => (problem?.kind === kind ? [`relpipe ${commands[i]?.join(' ') ?? ''}: ${problem.because}`] : []));
    return { what, wrong: named('wrong'), stacks: named('stack'), bytes };
  };
}

async function showAll(commands: readonly (readonly string[])[]): Promise<readonly Shown[]> {
  const all: Shown[] = [];
  for (const command of commands) all.push(await show(command));
  return all;
}

/** What a command prints, or the report that it writes. */
async function show(command: readonly string[]): Promise<Shown> {
  const printed = { stdout: '', stderr: '' };
  const streams = ['stdout', 'stderr'] as const;
  const writes = streams.map((name) => process[name].write.bind(process[name]));
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array, ...rest: unknown[]): boolean => {
      printed[name] += String(text);
      for (const done of rest) if (typeof done === 'function') (done as () => void)();
      return true;
    };
  }
  rmSync('report.html', { force: true });
  let code = 70;
  try {
    code = await main(command);
  } catch (error) {
    printed.stderr += `main threw: ${error instanceof Error ? (error.stack ?? '') : String(error)}`;
  } finally {
    for (const [i, write] of writes.entries()) process[streams[i] ?? 'stdout'].write = write;
  }
  if (existsSync('report.html')) printed.stdout += readFileSync('report.html', 'utf8');
  return { code, ...printed };
}

function problemOf(recorded: Shown | undefined, { code, stdout, stderr }: Shown): { readonly kind: 'wrong' | 'stack'; readonly because: string } | undefined {
  if (code === 70 || /^\s+at .*:\d+/m.test(stderr)) return { kind: 'stack', because: stderr };
  if (code === recorded?.code && stdout === recorded.stdout && stderr === recorded.stderr) return undefined;
  const known = new Set(linesOf(recorded?.stdout ?? ''));
  const other = linesOf(stdout).filter((line) => !known.has(line));
  const isRefused = /^error REL_JOURNAL_\w+: /m.test(stderr) && code !== 0;
  // A command that was changed is not shown as one that was given, and the rest is.
  const isWithoutCommand = /^warning REL_COMMAND_(CHANGED|NEWER): /m.test(stderr);
  if ((isRefused || isWithoutCommand) && other.length === 0) return undefined;
  return { kind: 'wrong', because: `${String(code)}, ${stderr}\n${other.join('\n').slice(0, 500)}` };
}

/** Without the width of a table's columns. */
const linesOf = (text: string): readonly string[] => text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' ').trim()).filter((line) => line !== '');

process.on('disconnect', () => process.exit());
