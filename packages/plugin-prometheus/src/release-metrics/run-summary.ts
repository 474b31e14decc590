import type { Json, ReportedEvent } from 'relpipe/plugin';

/** What the metrics of one run are made from. Times are seconds since the epoch. */
export interface RunSummary {
  readonly run: string;
  readonly pipeline: string;
  readonly version: string;
  readonly commit: string;
  readonly who: string;
  readonly outcome: Outcome;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly steps: readonly StepTime[];
  readonly gates: readonly GateWatch[];
  /** The last weight that a stage reported, in percent. */
  readonly weights: ReadonlyMap<string, number>;
  /** From the start of the rollback until it ended. */
  readonly rollbackSeconds?: number;
  /** From the first failing sample, or the failure of a step, until everything was rolled back. */
  readonly recoverySeconds?: number;
}

/** How a run ended, or its current state. `interrupted`: a signal ended its process, and the run has not been resumed yet. */
export const outcomes = [
  'succeeded',
  'partially-succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'stopped',
  'running',
  'parked',
  'paused',
  'interrupted',
] as const;
type Outcome = (typeof outcomes)[number];

interface StepTime {
  readonly step: string;
  readonly phase: string;
  readonly end: string;
  readonly seconds: number;
}

interface GateWatch {
  readonly step: string;
  readonly gate: string;
  /** From the start of the step until it ended, or until the run was last seen. */
  readonly seconds: number;
  /** How often the gate returned each verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/** Pure: the same events always produce the same summary. Undefined before the run has started. */
export function summariseRun(events: readonly ReportedEvent[]): RunSummary | undefined {
  const started = events.find((event) => event.type === 'run-started');
  const last = events.at(-1);
  if (!started || !last) return undefined;
  const { plan, who } = started;
  return {
    run: started.run,
    pipeline: plan.name,
    version: textOf(plan.inputs['version']),
    commit: plan.source.commit ?? '',
    who: who.who,
    outcome: outcomeOf(last),
    startedAt: started.at / 1000,
    seenAt: last.at / 1000,
    steps: stepTimes(events, started),
    gates: gateWatches(events, last.at),
    weights: lastWeights(events),
    ...rollbackTimes(events),
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The last event says how the run ended or why its process exited; after any other event a process works on it. */
function outcomeOf(last: ReportedEvent): Outcome {
  if (last.type === 'run-over') return last.outcome;
  return last.type === 'parked' || last.type === 'paused' || last.type === 'interrupted' ? last.type : 'running';
}

type Started = Extract<ReportedEvent, { type: 'run-started' }>;

/** A skipped step took no time. */
function stepTimes(events: readonly ReportedEvent[], { plan }: Started): readonly StepTime[] {
  const phases = new Map(plan.steps.map(({ key, phase }) => [key, phase]));
  return events.flatMap((event) => {
    if (event.type !== 'step-ended' || event.end === 'skipped') return [];
    return [{ step: event.step, phase: phases.get(event.step) ?? 'main', end: event.end, seconds: event.durationMs / 1000 }];
  });
}

/** Every gate that was judged, at each step that it watched. */
function gateWatches(events: readonly ReportedEvent[], seenAt: number): readonly GateWatch[] {
  const judged = events.filter((event) => event.type === 'gate-evaluated');
  const watches = Map.groupBy(judged, ({ step, gate }) => JSON.stringify([step, gate]));
  return [...watches.values()].flatMap((verdicts) => {
    const [first] = verdicts;
    if (!first) return [];
    const { step, gate } = first;
    const start = events.find((event) => event.type === 'step-started' && event.step === step)?.at ?? first.at;
    const end = events.find((event) => event.type === 'step-ended' && event.step === step)?.at ?? seenAt;
    return [{ step, gate, seconds: (end - start) / 1000, verdicts: countBy(verdicts.map(({ verdict }) => verdict)) }];
  });
}

const countBy = (words: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));

function lastWeights(events: readonly ReportedEvent[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const event of events) {
    const weight = event.type === 'step-ended' ? weightOf(event.output) : undefined;
    if (event.type === 'step-ended' && weight !== undefined) weights.set(event.step.split('/', 1)[0] ?? '', weight);
  }
  return weights;
}

/** A field `weight`, 0..100, as a number or as a string like `10%`. */
function weightOf(output: Json | undefined): number | undefined {
  if (typeof output !== 'object' || output === null || !('weight' in output)) return undefined;
  const { weight } = output;
  if (typeof weight === 'number') return weight;
  const percent = typeof weight === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(weight)?.[1] : undefined;
  return percent === undefined ? undefined : Number(percent);
}

/** How long a rollback took that has ended. A run has recovered only when nothing failed to roll back. */
function rollbackTimes(events: readonly ReportedEvent[]): Pick<RunSummary, 'rollbackSeconds' | 'recoverySeconds'> {
  const index = events.findLastIndex((event) => event.type === 'mode-changed' && event.to === 'rollback');
  const start = events[index];
  const end = events.slice(index + 1).find(endsRollback);
  if (!start || !end) return {};
  const rollbackSeconds = (end.at - start.at) / 1000;
  const hasRecovered = events.every((event) => event.type !== 'rollback-ended' || event.end === 'rolled-back');
  if (!hasRecovered) return { rollbackSeconds };
  return { rollbackSeconds, recoverySeconds: (end.at - firstFailureAt(events.slice(0, index), start.at)) / 1000 };
}

const endsRollback = (event: ReportedEvent): boolean =>
  event.type === 'run-over' || (event.type === 'mode-changed' && event.to !== 'rollback' && event.to !== 'forward');

/** The sample with which a gate first failed; without one, the start of the rollback: a step failed then, or a person asked for it. */
function firstFailureAt(events: readonly ReportedEvent[], rollbackAt: number): number {
  const failed = events.find((event) => event.type === 'gate-evaluated' && event.verdict === 'fail');
  return failed?.type === 'gate-evaluated' ? Math.min(failed.observedAt, rollbackAt) : rollbackAt;
}
