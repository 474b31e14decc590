import { hostname } from 'node:os';
import type { Json } from '../../contract/index.ts';
import { isRelpipeError, relpipeError, type RelpipeError } from '../../errors/relpipe-error.ts';
import { projectEvents, replayEvents, runOver } from '../../report/events/project-events.ts';
import type { RecordedEvent, Reporter, RunEvent } from '../../report/events/run-event.ts';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import { evolve } from '../../run/core/evolve.ts';
import type { Fact, FactBody } from '../../run/core/fact.ts';
import { reconsiderEverything } from '../../run/core/reconsider-everything.ts';
import { rules } from '../../run/core/rules-version.ts';
import { openAsks, opsToTakeUp } from '../../run/core/state/open-ops.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import { drive, type Ending, type Follower } from '../../run/drive.ts';
import type { LiveEvent } from '../../run/live-event.ts';
import { systemClock } from '../../run/local/steady-clock.ts';
import type { LocalRuntime } from '../../run/local/local-runtime.ts';
import { openLocalRuntime } from '../../run/local/open-local-runtime.ts';
import { startLocalWatch } from '../../run/local/watch/local-watch.ts';
import type { RunSummary } from '../../run/store/run-store.ts';
import { decode, encode } from '../../schema/decode.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { printError } from '../output.ts';
import { commandPlace, type OpenedStore } from '../record/open-store.ts';
import { printRefused } from '../record/print-refused.ts';
import { evaluatorFor, openingsFor, outputsOf } from '../record/run-evaluator.ts';
import { version } from '../../util/version.ts';
import { readDrivingOptions, type DrivingOptions } from './driving-options.ts';
import { type LoadedRun, openChannels } from './open-channels.ts';
import { heldBy } from './held-groups.ts';
import { openReporters } from './open-reporters.ts';
import { readSecrets } from './secrets.ts';
import { explainExit } from './explain-exit.ts';
import { maskConsole } from './mask-console.ts';
import { reportLeftRunning } from './report-left-running.ts';
import { superseding } from './supersede.ts';
import { stopOnSignals } from './stop-on-signals.ts';

export interface DrivenRun extends OpenedStore, LoadedRun {
  /** Names of the secrets without which it is refused. */
  readonly secretsNeeded: readonly string[];
  /** The first fact, for a run that has none yet. */
  readonly planned?: Extract<FactBody, { fact: 'planned' }>;
}

/** Drives a recorded run until it is over, paused, parked or interrupted; returns the exit code. */
export async function driveRun(driven: DrivenRun, options: DrivingOptions): Promise<number> {
  const { plan } = driven;
  const { parkedExitCode, parkAfterMs } = readDrivingOptions(options);
  const secrets = readSecrets(plan, driven.secretsNeeded, process.env);
  const next = nextCommandsAt(commandPlace(driven));
  const reporter = await openReporters(options, next);
  const { runtime, facts, mask } = await openLocalRuntime({
    ...driven,
    codec: { decode, encode },
    secrets,
    clock: systemClock,
    onLive: (event: LiveEvent) => reporter.onEvent(event),
    startWatch: startLocalWatch,
    openChannels: openChannels(driven, next),
    rollBackRun: superseding(driven, () => state),
    onRefused: (refused) => printRefused(driven.run, refused),
    ...(parkAfterMs !== undefined && { parkAfterMs }),
  });
  const { state, events } = replayEvents(facts);
  for (const event of events) reporter.onHistory(event);
  const follower = followRun(reporter);
  const unwatch = explainExit(runtime, next.resume(driven.run), mask);
  const unlisten = stopOnSignals(runtime, unwatch);
  const restoreConsole = maskConsole(mask);
  let failure: RelpipeError | undefined;
  let ending: Ending | undefined;
  try {
    const [{ evaluate }, nextOpening] = await Promise.all([evaluatorFor(plan), openingsFor(plan)]);
    if (facts.length === 0 && driven.planned) follower.onFact(start(state, runtime, driven.planned), state);
    else onResume(state, runtime, follower);
    reconsiderEverything(state);
    runtime.takeUp(opsToTakeUp(state));
    ending = await drive(state, runtime, evaluate, follower, { nextOpening });
    reporter.onEvent(endingEvent(ending, state, runtime.now(), outputsOf(state, evaluate)));
    await runtime.summarise(endingSummary(ending));
    return explainRefusal(state, ending) ?? exitCodeOf(ending, parkedExitCode);
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    failure = error;
  } finally {
    unlisten();
    unwatch();
    restoreConsole();
    await runtime.close();
    await reporter.close();
    reportLeftRunning(driven.run, ending, mask);
    if (plan.notify !== undefined || options.report !== undefined) {
      const { reportAfterwards } = await import('./update-documents.ts');
      await reportAfterwards(driven, { secrets, isOver: ending !== undefined && 'outcome' in ending, report: options.report });
    }
  }
  return explainInterruption(next.resume(driven.run), failure);
}

/** Hands the reporters what happened, once it is durable. */
function followRun(reporter: Reporter): Follower {
  let events: RecordedEvent[] = [];
  return {
    onFact: (fact, state) => void events.push(...projectEvents(fact, state)),
    onCommit() {
      const durable = events;
      events = [];
      for (const event of durable) reporter.onEvent(event);
    },
  };
}

/** What follows is decided by this process, at this time. */
function onResume(state: RunState, runtime: LocalRuntime, follower: Follower): void {
  const fact = runtime.append({ fact: 'resumed', rules, engine: version, format: 2, host: hostname() });
  follower.onFact(fact, evolve(state, fact));
}

function start(state: RunState, runtime: LocalRuntime, planned: FactBody): Fact {
  const fact = runtime.append(planned);
  evolve(state, fact);
  return fact;
}

/** The last event of the part of a run that this process drove. */
function endingEvent(ending: Ending, state: RunState, at: number, outputs: Readonly<Record<string, Json>>): RunEvent {
  const common = { run: state.run, at };
  if ('interrupted' in ending) return { ...common, type: 'interrupted', signal: ending.interrupted };
  if ('parked' in ending) return { ...common, type: 'parked', ...ending.parked, asks: openAsks(state).map(({ step }) => step) };
  if (ending.idle === 'paused') return { ...common, type: 'paused', because: ending.because };
  return runOver(state, ending.outcome, outputs);
}

/** The state of a run after the part of it that this process drove, for the list of runs. */
function endingSummary(ending: Ending): RunSummary {
  if ('interrupted' in ending) return { state: 'interrupted' };
  if ('parked' in ending) return { state: 'parked', ...ending.parked };
  if (ending.idle === 'over') return { state: 'over', outcome: ending.outcome };
  return { state: 'paused', ...(ending.wakeAt !== undefined && { wakeAt: ending.wakeAt }) };
}

/** A run that failed because another one holds its group is busy, unless it had to roll back something: then that is what counts. */
function explainRefusal({ locks }: RunState, ending: Ending): number | undefined {
  const refused = [...locks.values()].find(({ at }) => at === 'refused');
  if (refused?.holder === undefined || !('idle' in ending) || ending.idle !== 'over' || ending.outcome !== 'failed') return undefined;
  return printError(relpipeError('REL_OTHER_RUN_OPEN', heldBy(refused.op.lock, refused.holder)));
}

/** A failure after the start is not a refusal: something may have been changed. */
function explainInterruption(resume: string, failure: RelpipeError): number {
  const code = printError(failure);
  if (code === exitCodes.busy) return code;
  process.stderr.write(`The run was interrupted. Resume it with: ${resume}\n`);
  return exitCodes.internalError;
}
