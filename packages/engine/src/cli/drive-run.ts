import type { Json } from '../contract/index.ts';
import { parseDuration } from '../expressions/duration.ts';
import { isRelpipeError, relpipeError, type RelpipeError } from '../errors/relpipe-error.ts';
import { loadConfigCodec } from '../plan/codec/load-config-codec.ts';
import type { Plan } from '../plan/plan.ts';
import type { PluginRegistry } from '../plugins/plugin-registry.ts';
import { runOver } from '../report/events/project-events.ts';
import { nextCommandsAt } from '../report/text/next-commands.ts';
import { replayEvents } from '../report/events/replay-events.ts';
import type { RunEvent } from '../report/events/run-event.ts';
import type { LiveEvent } from '../run/live-event.ts';
import { evolve } from '../run/core/evolve.ts';
import type { Fact, FactBody } from '../run/core/fact.ts';
import { lookAgain } from '../run/core/look-again.ts';
import { openAsks } from '../run/core/rest.ts';
import type { RunState } from '../run/core/run-state.ts';
import { drive, type Ending } from '../run/drive.ts';
import { systemClock } from '../run/local/clock.ts';
import type { RunSummary } from '../run/local/journal/run-row.ts';
import type { LocalRuntime } from '../run/local/local-runtime.ts';
import { openLocalRuntime } from '../run/local/open-local-runtime.ts';
import { startLocalWatch } from '../run/local/watch/start-local-watch.ts';
import { commandPlace } from './command-place.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { followRun } from './follow-run.ts';
import type { OpenedJournal } from './journal-at.ts';
import { evaluatorFor, outputsOf } from './plan-outputs.ts';
import { readSecrets } from './read-secrets.ts';
import { reportersFor } from './reporters.ts';

export interface DrivingOptions {
  readonly parkAfter?: string;
  readonly parkedExitCode?: string;
  readonly json?: boolean;
  readonly report?: string;
}

export interface DrivenRun extends OpenedJournal {
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** The first fact, for a run that has none yet. */
  readonly planned?: Extract<FactBody, { fact: 'planned' }>;
}

/** For who enters a run first: throws `REL_USAGE` where `driveRun` would. */
export function checkDriving(options: DrivingOptions): void {
  readExitCode(options.parkedExitCode);
  readParkAfter(options.parkAfter);
}

/** Drives a recorded run until it is over, frozen, parked or interrupted, and gives the exit code. */
export async function driveRun(driven: DrivenRun, options: DrivingOptions): Promise<number> {
  const { plan } = driven;
  const parkedExitCode = readExitCode(options.parkedExitCode);
  const parkAfterMs = readParkAfter(options.parkAfter);
  const secrets = readSecrets(plan.secrets, process.env);
  const reporter = await reportersFor(options, nextCommandsAt(commandPlace(driven)));
  const { runtime, facts } = openLocalRuntime({
    ...driven,
    codec: await loadConfigCodec(),
    secrets,
    clock: systemClock,
    onLive: (event: LiveEvent) => reporter.onEvent(event),
    startWatch: startLocalWatch,
    ...(parkAfterMs !== undefined && { parkAfterMs }),
  });
  const { state, events } = replayEvents(facts);
  for (const event of events) reporter.onHistory(event);
  const follower = followRun(reporter);
  const unlisten = stopOnSignals(runtime);
  let trouble: RelpipeError | undefined;
  try {
    const { evaluate } = await evaluatorFor(plan);
    if (facts.length === 0 && driven.planned) follower.onFact(begin(state, runtime, driven.planned), state);
    lookAgain(state);
    runtime.takeUp(openOpsOf(state));
    const ending = await drive(state, runtime, evaluate, follower);
    tellEnding(ending, state, (event) => reporter.onEvent(event), outputsOf(state, evaluate));
    runtime.summarise(summaryOf(ending));
    return exitCodeOf(ending, parkedExitCode);
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    trouble = error;
  } finally {
    unlisten();
    await runtime.close();
    await reporter.close();
    await tellOthers(driven, secrets);
    await writeReport(driven, options.report);
  }
  return explainBrokenOff(driven.run, trouble);
}

/** What keeps a run that has begun from going on is no refusal: something may have been changed. */
function explainBrokenOff(run: string, trouble: RelpipeError): number {
  const code = explainError(trouble);
  if (code === exitCodes.busy) return code;
  process.stderr.write(`Run ${run} was broken off in the middle; go on with: relpipe resume ${run}\n`);
  return exitCodes.broken;
}

function begin(state: RunState, runtime: LocalRuntime, planned: FactBody): Fact {
  const fact = runtime.append(planned);
  evolve(state, fact);
  return fact;
}

const openOpsOf = (state: RunState) =>
  [...state.steps.values(), ...state.groups.values()].flatMap(({ open }) => [...open.values()]);

type Tell = (event: RunEvent) => void;

function tellEnding(ending: Ending, state: RunState, tell: Tell, outputs: Readonly<Record<string, Json>>): void {
  const common = { run: state.run, at: Date.now() };
  if ('stopped' in ending) tell({ ...common, type: 'stopped', signal: ending.stopped });
  else if ('parked' in ending) tell({ ...common, type: 'parked', ...ending.parked, asks: openAsks(state).map(({ step }) => step) });
  else if (ending.rest === 'frozen') tell({ ...common, type: 'frozen', because: ending.because });
  else tell(runOver(state, ending.outcome, outputs));
}

function summaryOf(ending: Ending): RunSummary {
  if ('stopped' in ending) return { state: 'stopped' };
  if ('parked' in ending) return { state: 'parked', ...ending.parked };
  return ending.rest === 'frozen' ? { state: 'frozen' } : { state: 'over', outcome: ending.outcome };
}

/** The first signal stops cleanly; after the second, nothing is waited for: the journal is good at any moment. */
function stopOnSignals(runtime: LocalRuntime): () => void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      runtime.kill();
      process.exit(exitCodeOf({ stopped: signal, said: [] }));
    }
    isStopping = true;
    runtime.stop(signal);
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** Never on a terminal, after a minute elsewhere. */
function readParkAfter(text: string | undefined): number | undefined {
  if (text === undefined) return process.stdout.isTTY && !process.env['CI'] ? undefined : 60_000;
  if (text === 'never') return undefined;
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  throw relpipeError('REL_USAGE', { because: `--park-after ${text} is no duration such as 60s, and not "never".`, command: 'run' });
}

function readExitCode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const code = Number(text);
  if (Number.isInteger(code) && code >= 0 && code <= 255) return code;
  throw relpipeError('REL_USAGE', { because: `--parked-exit-code ${text} is no number from 0 to 255.`, command: 'run' });
}

/** Behind the lease, so that nobody waits for them: what is told is recorded. */
async function tellOthers(driven: DrivenRun, secrets: Readonly<Record<string, string>>): Promise<void> {
  if (driven.plan.reporters === undefined) return;
  const { tellReporters } = await import('./tell-reporters.ts');
  try {
    await tellReporters(driven, secrets);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** How the run ended is not changed by a report that could not be written. */
async function writeReport(driven: DrivenRun, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const { writeHtmlReport } = await import('./write-html-report.ts');
  try {
    await writeHtmlReport(driven, driven.run, file);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
