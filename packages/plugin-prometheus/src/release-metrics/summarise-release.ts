import type { Json, ReportedEvent } from 'relpipe/plugin';
import { gatesIn } from './gates-in.ts';
import type { Outcome, Release, StepTime } from './release.ts';
import { wayBackIn } from './way-back-in.ts';

type Started = Extract<ReportedEvent, { type: 'run-started' }>;

/** Pure: the same events always give the same release. Undefined before the run has begun. */
export function summariseRelease(events: readonly ReportedEvent[]): Release | undefined {
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
    steps: stepsIn(events, started),
    gates: gatesIn(events, last.at),
    weights: weightsIn(events),
    ...wayBackIn(events),
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The last event says how the run stands; one that is none of these is still going on somewhere. */
function outcomeOf(last: ReportedEvent): Outcome {
  if (last.type === 'run-over') return last.outcome;
  return last.type === 'parked' || last.type === 'frozen' ? last.type : 'interrupted';
}

/** What was skipped took no time. */
function stepsIn(events: readonly ReportedEvent[], { plan }: Started): readonly StepTime[] {
  const phases = new Map(plan.steps.map(({ key, phase }) => [key, phase]));
  return events.flatMap((event) => {
    if (event.type !== 'step-ended' || event.end === 'skipped') return [];
    return [{ step: event.step, phase: phases.get(event.step) ?? 'main', end: event.end, seconds: event.durationMs / 1000 }];
  });
}

function weightsIn(events: readonly ReportedEvent[]): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const event of events) {
    const weight = event.type === 'step-ended' ? weightOf(event.output) : undefined;
    if (event.type === 'step-ended' && weight !== undefined) weights.set(event.step.split('/', 1)[0] ?? '', weight);
  }
  return weights;
}

/** A field `weight`, 0..100, as a number or as text like `10%`. */
function weightOf(output: Json | undefined): number | undefined {
  if (typeof output !== 'object' || output === null || !('weight' in output)) return undefined;
  const { weight } = output;
  if (typeof weight === 'number') return weight;
  const percent = typeof weight === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(weight)?.[1] : undefined;
  return percent === undefined ? undefined : Number(percent);
}
