import { outcomes, type RunSummary } from './run-summary.ts';

interface MetricRow {
  readonly name: string;
  readonly help: string;
  /** Beside `pipeline` and `run`, which all have. */
  readonly labels: readonly string[];
  readonly values: (run: RunSummary) => readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

const one = (value: number | undefined): ReturnType<MetricRow['values']> => (value === undefined ? [] : [[{}, value]]);

/** Every metric of a run. All are gauges: a run is reported and replaced as a whole, and queries add up the runs. */
export const metricTable: readonly MetricRow[] = [
  {
    name: 'relpipe_run_outcome',
    help: '1 for the outcome or the current state of the run, 0 for every other one',
    labels: ['outcome'],
    values: ({ outcome }) => outcomes.map((known) => [{ outcome: known }, known === outcome ? 1 : 0]),
  },
  {
    name: 'relpipe_run_info',
    help: 'Always 1; labelled with the input `version`, the git commit, and the person or CI job that started the run',
    labels: ['version', 'commit', 'who'],
    values: ({ version, commit, who }) => [[{ version, commit, who }, 1]],
  },
  {
    name: 'relpipe_run_started_timestamp_seconds',
    help: 'When the run started, in seconds since the epoch',
    labels: [],
    values: ({ startedAt }) => one(startedAt),
  },
  {
    name: 'relpipe_run_seen_timestamp_seconds',
    help: 'When the run ended, or when its last process exited, in seconds since the epoch',
    labels: [],
    values: ({ seenAt }) => one(seenAt),
  },
  {
    name: 'relpipe_run_duration_seconds',
    help: 'From the start of the run until it ended or was last seen, waiting included',
    labels: [],
    values: ({ startedAt, seenAt }) => one(seenAt - startedAt),
  },
  {
    name: 'relpipe_step_duration_seconds',
    help: 'Duration of each step that ended; phase is main, finally, rollback or teardown; end is succeeded, failed, cancelled or unknown',
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
    help: 'How often a gate returned a verdict: pass, warn, fail, inconclusive or error',
    labels: ['step', 'gate', 'verdict'],
    values: ({ gates }) =>
      gates.flatMap(({ step, gate, verdicts }) => [...verdicts].map(([verdict, count]) => [{ step, gate, verdict }, count] as const)),
  },
  {
    name: 'relpipe_weight_percent',
    help: 'The last traffic weight that the steps of a stage reported, 0 to 100',
    labels: ['stage'],
    values: ({ weights }) => [...weights].map(([stage, weight]) => [{ stage }, weight]),
  },
  {
    name: 'relpipe_rollback_duration_seconds',
    help: 'From the start of the rollback until it ended',
    labels: [],
    values: ({ rollbackSeconds }) => one(rollbackSeconds),
  },
  {
    name: 'relpipe_recovery_duration_seconds',
    help: 'From the first failing sample, or the failure of a step, until everything was rolled back',
    labels: [],
    values: ({ recoverySeconds }) => one(recoverySeconds),
  },
];
