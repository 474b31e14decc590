import { outcomes, type Release } from './release.ts';

export interface MetricRow {
  readonly name: string;
  readonly help: string;
  /** Beside `pipeline` and `run`, which all have. */
  readonly labels: readonly string[];
  readonly values: (release: Release) => readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

const one = (value: number | undefined): ReturnType<MetricRow['values']> => (value === undefined ? [] : [[{}, value]]);

/** Every metric of a run. All are gauges: a run is told as a whole and replaced as a whole, and sums over runs are made by queries. */
export const metricTable: readonly MetricRow[] = [
  {
    name: 'relpipe_run_outcome',
    help: '1 for how the run ended or stands, 0 for every other outcome',
    labels: ['outcome'],
    values: ({ outcome }) => outcomes.map((known) => [{ outcome: known }, known === outcome ? 1 : 0]),
  },
  {
    name: 'relpipe_run_info',
    help: 'Always 1: the input `version`, the git commit, and who started it',
    labels: ['version', 'commit', 'who'],
    values: ({ version, commit, who }) => [[{ version, commit, who }, 1]],
  },
  {
    name: 'relpipe_run_started_timestamp_seconds',
    help: 'When the run began, since the epoch',
    labels: [],
    values: ({ startedAt }) => one(startedAt),
  },
  {
    name: 'relpipe_run_seen_timestamp_seconds',
    help: 'When it ended, or when its process went to sleep, since the epoch',
    labels: [],
    values: ({ seenAt }) => one(seenAt),
  },
  {
    name: 'relpipe_run_duration_seconds',
    help: 'From its begin until it ended or was last seen, waiting included',
    labels: [],
    values: ({ startedAt, seenAt }) => one(seenAt - startedAt),
  },
  {
    name: 'relpipe_step_duration_seconds',
    help: 'Of each step that ended; phase is main, finally, undo or release, end is succeeded, failed, cancelled or unknown',
    labels: ['step', 'phase', 'end'],
    values: ({ steps }) => steps.map(({ step, phase, end, seconds }) => [{ step, phase, end }, seconds]),
  },
  {
    name: 'relpipe_gate_duration_seconds',
    help: 'How long a gate watched a step',
    labels: ['step', 'gate'],
    values: ({ gates }) => gates.map(({ step, gate, seconds }) => [{ step, gate }, seconds]),
  },
  {
    name: 'relpipe_gate_verdicts',
    help: 'How often a gate came to a verdict: pass, warn, fail, inconclusive or error',
    labels: ['step', 'gate', 'verdict'],
    values: ({ gates }) =>
      gates.flatMap(({ step, gate, verdicts }) => [...verdicts].map(([verdict, count]) => [{ step, gate, verdict }, count] as const)),
  },
  {
    name: 'relpipe_weight_percent',
    help: 'The last share of the traffic that steps of a stage have told, 0 to 100',
    labels: ['stage'],
    values: ({ weights }) => [...weights].map(([stage, weight]) => [{ stage }, weight]),
  },
  {
    name: 'relpipe_rollback_duration_seconds',
    help: 'From the turn of the run until its way back was over',
    labels: [],
    values: ({ rollbackSeconds }) => one(rollbackSeconds),
  },
  {
    name: 'relpipe_recovery_duration_seconds',
    help: 'From the look or the failure that showed the trouble until everything was undone',
    labels: [],
    values: ({ recoverySeconds }) => one(recoverySeconds),
  },
];
