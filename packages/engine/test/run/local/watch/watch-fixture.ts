import { Type } from 'typebox';
import { StepError, type SampleRequest, type MeasureContext, type Measurement, type MetricType } from '../../../../src/contract/index.ts';
import type { PlanMetric } from '../../../../src/plan/plan.ts';
import type { FactBody } from '../../../../src/run/core/fact.ts';
import type { WatchOp } from '../../../../src/run/core/operation.ts';
import type { MeasurementRecord } from '../../../../src/run/measurement-record.ts';
import type { WatchDeps } from '../../../../src/run/local/watch/metric-watch.ts';
import type { EvidenceLink } from '../../../../src/run/local/watch/evidence.ts';
import { watchGate } from '../../../../src/run/local/watch/watch-gate.ts';
import { VirtualClock } from '../../../../src/run/simulated/virtual-clock.ts';
import { metricOf, minute, second, start } from '../../judge/samples.ts';

export { metricOf, minute, second, start };
export const hour = 60 * minute;
type Judged = Extract<FactBody, { fact: 'evaluated' }>;

/** What a scripted metric says at a time: a value, nothing, or why it cannot be asked. */
export type Script = (at: number, config: unknown) => number | null | Error;

const measurement = (at: number, value: number | null): Measurement => ({ at, value, query: `at ${at}`, raw: value, warnings: [] });

/** A metric type that answers for each time it is asked for. */
export function scripted(script: Script, answersForThePast = false) {
  const requests: SampleRequest[] = [];
  const type: MetricType = {
    summary: 'scripted',
    with: Type.Object({}),
    unit: 'from-config',
    answersForThePast,
    async measure(config, look) {
      requests.push(look);
      return look.at.map((at) => {
        const value = script(at, config);
        if (value instanceof Error) throw value;
        return measurement(at, value);
      });
    },
  };
  return { type, requests };
}

/** A metric type that does whatever it is given. */
export const acting = (measure: (look: SampleRequest, context: MeasureContext) => Promise<readonly Measurement[]>): MetricType => ({
  summary: 'acting',
  with: Type.Object({}),
  unit: 'from-config',
  answersForThePast: false,
  measure: (_config, look, context) => measure(look, context),
});

export const refused = (): StepError => new StepError('TEST_REFUSED', 'connection refused');
export const seen = measurement;

export interface Scene {
  readonly types: Readonly<Record<string, MetricType>>;
  readonly metrics?: readonly PlanMetric[];
  readonly op?: Partial<WatchOp>;
  readonly everyMs?: number;
  /** Its step ends with a conclusive verdict. */
  readonly isAwaited?: boolean;
  readonly wakeEveryMs?: number;
  readonly earlier?: readonly MeasurementRecord[];
  readonly lastEvidence?: EvidenceLink;
  readonly clock?: VirtualClock;
  readonly onMeasured?: WatchDeps['onMeasured'];
}

/** A gate with one metric per type, of the type's name, watched from `start` every 30 s. */
export function watching(scene: Scene) {
  const { types, op, earlier = [], clock = new VirtualClock(start), everyMs = 30 * second, wakeEveryMs = 15 * minute } = scene;
  const metrics = scene.metrics ?? Object.keys(types).map((name) => metricOf({ name, uses: name }));
  const records: MeasurementRecord[] = [];
  const facts: Judged[] = [];
  const story: ('measured' | 'evaluated')[] = [];
  const broken: unknown[] = [];
  const configs = Object.fromEntries(metrics.flatMap(({ name }) => [[name, { side: 'candidate' }], [`${name} (baseline)`, { side: 'baseline' }]]));
  const watch = watchGate(
    { op: 'watch', key: 'production/hold!watch.health', step: 'production/hold', gate: 'health', from: start, wakeEveryMs, configs, ...op },
    {
      gate: { name: 'health', everyMs, metrics },
      isAwaited: scene.isAwaited ?? false,
      registry: { metrics: new Map(Object.entries(types)) },
      clock,
      readEarlier: async () => earlier,
      ...(scene.lastEvidence !== undefined && { lastEvidence: scene.lastEvidence }),
      decode: (_schema, config) => config,
      masked: (record) => record,
      contextOf: (signal, memory) => ({
        signal,
        memory,
        log: () => undefined,
        mask: (text) => text,
        clock: { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, signal) },
        fetch,
        workdir: '.',
        exec: () => Promise.reject(new Error('no commands here')),
      }),
      onMeasured: async (measured) => {
        await scene.onMeasured?.(measured);
        story.push('measured');
        records.push(...measured);
      },
      onBody: (body) => {
        if (body.fact !== 'evaluated') return;
        story.push('evaluated');
        facts.push(body);
      },
      onBroken: (error) => broken.push(error),
    },
  );
  const verdicts = () => facts.map(({ verdict }) => verdict);
  return { watch, clock, records, facts, story, broken, verdicts };
}
