import type { DataPath } from './data-path/data-path.ts';
import { durationBucketsS, type Side } from './data-path/side.ts';
import type { WeightState } from './state/state-file.ts';

/**
 * The router's figures in Prometheus' text format, version 0.0.4. Written without a library: requests only add to plain numbers, and a
 * metrics library would cost time on each of them. A series that has counted nothing yet is shown as 0 where its labels are known, so
 * that a rate over it has a start.
 */
export function printMetrics(sides: readonly Side[], dataPath: DataPath, present: WeightState): string {
  const perSide = (value: (side: Side) => number) => sides.map((side) => sample(`{side="${side.name}"}`, value(side)));
  return [
    family('requests_total', 'counter', requestsHelp, sides.flatMap(requestSamples)),
    family('request_duration_seconds', 'histogram', durationHelp, sides.flatMap(durationSamples)),
    family('assigned_total', 'counter', 'Requests assigned to a side by the weights.', perSide(({ counts }) => counts.assigned)),
    family('upstream_errors_total', 'counter', 'Requests that a side failed to answer, by reason.', sides.flatMap(errorSamples)),
    family('upstream_retries_total', 'counter', retriesHelp, perSide(({ counts }) => counts.retries)),
    family('client_aborts_total', 'counter', abortsHelp, perSide(({ counts }) => counts.clientAborts)),
    family('in_flight', 'gauge', 'Requests and tunnels in progress.', perSide(({ counts }) => counts.inFlight)),
    family('weight', 'gauge', 'Share of new requests in percent.', perSide(({ name }) => present.weights[name] ?? 0)),
    family('healthy', 'gauge', '1 healthy, 0 unhealthy, NaN not checked yet.', perSide(({ health }) => healthValue[health.state])),
    family('failovers_total', 'counter', failoversHelp, [sample('', dataPath.failovers)]),
    family('refused_total', 'counter', 'Requests refused before a side was chosen.', refusalSamples(dataPath)),
    family('generation', 'gauge', 'Generation of the weights.', [sample('', present.generation)]),
  ].join('');
}

const durationHelp = 'From the request head to the last byte of the answer.';
const failoversHelp = 'Requests sent to another side than the weights chose (--failover).';
const requestsHelp = 'Requests that ended, by side and status code. '
  + '502 includes incomplete answers; 499: the client left before an answer.';
const retriesHelp = 'Requests sent a second time because a kept connection had died.';
const abortsHelp = 'Requests whose client left before the end of the answer.';

interface Sample {
  readonly labels: string;
  readonly value: number;
  readonly suffix?: string;
}

const sample = (labels: string, value: number): Sample => ({ labels, value });

const healthValue = { healthy: 1, unhealthy: 0, unknown: Number.NaN } as const;

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ suffix = '', labels, value }) => `relpipe_router_${name}${suffix}${labels} ${value}\n`);
  return `# HELP relpipe_router_${name} ${help}\n# TYPE relpipe_router_${name} ${type}\n${lines.join('')}`;
}

/** 200 and 502 exist from the start: a ratio of failures needs both. */
const requestSamples = ({ name, counts }: Side) =>
  [...new Map([[200, 0], [502, 0], ...counts.byCode])].map(([code, count]) => sample(`{side="${name}",code="${code}"}`, count));

const errorSamples = ({ name, counts }: Side) =>
  [...counts.byErrorReason].map(([reason, count]) => sample(`{side="${name}",reason="${reason}"}`, count));

const refusalSamples = ({ refusals }: DataPath) => [...refusals].map(([code, count]) => sample(`{code="${code}"}`, count));

function durationSamples({ name, counts }: Side): Sample[] {
  let sum = 0;
  const buckets = [...durationBucketsS, '+Inf'].map((bound, i): Sample => {
    sum += counts.durations[i] ?? 0;
    return { suffix: '_bucket', labels: `{side="${name}",le="${bound}"}`, value: sum };
  });
  const labels = `{side="${name}"}`;
  return [...buckets, { suffix: '_sum', labels, value: counts.durationSumS }, { suffix: '_count', labels, value: sum }];
}
