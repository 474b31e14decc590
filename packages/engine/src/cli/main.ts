import { Command, CommanderError } from 'commander';
import { isRelpipeError, relpipeError } from '../errors/relpipe-error.ts';
import { capital } from '../util/phrases.ts';
import type { AddCommand, Exit } from './commands/options.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './output.ts';
import { version } from '../util/version.ts';

/** By its name: each command with its flags, loaded only when it is asked for. */
const commands: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['validate', async () => (await import('./commands/validate.ts')).addValidate],
  ['plan', async () => (await import('./commands/plan.ts')).addPlan],
  ['run', async () => (await import('./commands/run.ts')).addRun],
  ['resume', async () => (await import('./commands/resume.ts')).addResume],
  ['status', async () => (await import('./commands/status.ts')).addStatus],
  ['runs', async () => (await import('./commands/runs.ts')).addRuns],
  ['logs', async () => (await import('./commands/logs.ts')).addLogs],
  ['report', async () => (await import('./commands/report.ts')).addReport],
  ['approve', async () => (await import('./commands/vote.ts')).addApprove],
  ['reject', async () => (await import('./commands/vote.ts')).addReject],
  ['resolve', async () => (await import('./commands/resolve.ts')).addResolve],
  ['continue', async () => (await import('./commands/continue.ts')).addContinue],
  ['pause', async () => (await import('./commands/pause-and-stop.ts')).addPause],
  ['stop', async () => (await import('./commands/pause-and-stop.ts')).addStop],
  ['rollback', async () => (await import('./commands/rollback.ts')).addRollback],
]);

/** Commands of the language that are not built yet: refused by name, never taken for a typing error. */
export const notBuiltYet: readonly string[] = [
  'install',
  'init',
  'retry',
  'test',
  'backtest',
  'schema',
  'explain',
  'audit',
  'stats',
  'worker',
  'serve',
  'doctor',
  'gc',
];

/** Runs a command line and returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.succeeded;
  try {
    const [name] = argv;
    refuse(name);
    const program = await programFor(name, (exitCode) => (code = exitCode));
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, argv[0]);
  }
}

function refuse(command: string | undefined): void {
  if (command === undefined) return;
  if (notBuiltYet.includes(command)) throw relpipeError('REL_COMMAND_NOT_IMPLEMENTED', { command });
  const meant = otherNames[command];
  if (meant !== undefined) throw relpipeError('REL_USAGE', { because: `There is no command ${command}; use ${meant}.`, command: meant });
  if (command === 'settle') throw relpipeError('REL_COMMAND_RENAMED', { command, use: nowResolve });
}

/** What other tools call it. */
const otherNames: Readonly<Record<string, string>> = {
  cancel: 'rollback',
  restart: 'resume',
  list: 'runs',
  ls: 'runs',
  history: 'runs',
  show: 'status',
  log: 'logs',
  start: 'run',
  deploy: 'run',
  release: 'run',
  check: 'validate',
  lint: 'validate',
  confirm: 'approve',
  unpause: 'continue',
  abort: 'rollback',
  'skip-hold': 'continue',
};

const nowResolve =
  'relpipe resolve [RUN] [STEP] with --took-effect (was --happened), --no-effect (was --did-not-happen), --rolled-back (was --done) or ' +
  '--cannot-roll-back (was --cannot-be-done)';

/** With the command that was asked for; for anything else with all of them, so that help and suggestions name them. */
async function programFor(name: string | undefined, exit: Exit): Promise<Command> {
  const program = new Command('relpipe')
    .description('Runs a release from release.pipeline.yaml: watches it, and promotes it or rolls it back.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .version(version, '-V, --version');
  if (name === '-V' || name === '--version') return program;
  const one = commands.get(name ?? '');
  for (const load of one ? [one] : commands.values()) (await load())(program, exit);
  return program;
}

/** Help is not an error, and has been printed. */
function explainUsage({ code, exitCode, message }: CommanderError, command: string): number {
  if (exitCode === 0) return exitCodes.succeeded;
  if (code === 'commander.help') return exitCodes.refused;
  const [problem = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const because = [`${capital(problem.replace(/\.$/, ''))}.`, suggestion.replace(/^\((.*)\)$/, '$1')].join(' ').trim();
  return printError(relpipeError('REL_USAGE', { because, command }));
}

function explain(error: unknown, command = ''): number {
  if (error instanceof CommanderError) return explainUsage(error, commands.has(command) ? command : '');
  if (isRelpipeError(error)) return printError(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write('Internal error in relpipe. A run in progress can be resumed.\n');
  process.stderr.write(`  hint: Resume it with relpipe resume, and report what follows.\n${stack}\n`);
  return exitCodes.internalError;
}
