import type { ReportedEvent } from 'relpipe/plugin';

type Body = ReportedEvent extends infer E ? (E extends ReportedEvent ? Omit<E, 'run' | 'at'> : never) : never;

const startedAt = 1_800_000_000_000;

/** Events of one run, each with the second at which it happened. */
export const eventsOf = (run: string, ...happened: readonly (readonly [second: number, event: Body])[]): ReportedEvent[] =>
  happened.map(([second, event]) => ({ run, at: startedAt + second * 1000, ...event }));

export const started: Body = {
  type: 'run-started',
  who: { who: 'ann' },
  plan: {
    name: 'shop "north"',
    fingerprint: 'f',
    source: { file: 'release.pipeline.yaml', commit: 'c0ffee' },
    inputs: { version: '1.2.0' },
    steps: [
      { key: 'live/shift', title: 'shift', group: 'live', phase: 'main' },
      { key: 'live/watch', title: 'watch', group: 'live', phase: 'main' },
      { key: 'live/shift/back', title: 'rollback', group: 'live', phase: 'rollback' },
    ],
    groups: [],
  },
};

export const ended = (step: string, seconds: number, more: { end?: 'succeeded' | 'failed' | 'skipped'; output?: { weight: string } } = {}): Body => ({
  type: 'step-ended',
  step,
  end: 'succeeded',
  durationMs: seconds * 1000,
  ...more,
});

const evaluated = (verdict: 'pass' | 'warn' | 'fail', observed: number): Body => ({
  type: 'gate-evaluated',
  step: 'live/watch',
  gate: 'health',
  verdict,
  because: 'x',
  critical: false,
  observedAt: startedAt + observed * 1000,
});

export const over = (outcome: 'succeeded' | 'rolled-back' | 'rollback-failed'): Body => ({ type: 'run-over', outcome, notRolledBack: [], outputs: {}, durationMs: 0 });

/** Shifted traffic, was watched, failed in a sample at 10 s, started to roll back 2 s later, and ended its rollback at 20 s. */
export const rolledBack: readonly (readonly [number, Body])[] = [
  [0, started],
  [0, { type: 'step-started', step: 'live/shift' }],
  [4, ended('live/shift', 4, { output: { weight: '10%' } })],
  [4, { type: 'step-started', step: 'live/watch' }],
  [5, evaluated('pass', 4)],
  [11, evaluated('fail', 10)],
  [12, ended('live/watch', 8, { end: 'failed' })],
  [12, { type: 'mode-changed', to: 'rollback', because: 'live/watch failed' }],
  [12, { type: 'rollback-started', unit: 'live/shift' }],
  [19, ended('live/shift/back', 7, { output: { weight: '0%' } })],
  [19, { type: 'rollback-ended', unit: 'live/shift', end: 'rolled-back' }],
  [20, { type: 'mode-changed', to: 'finally', because: 'everything is rolled back' }],
  [25, over('rolled-back')],
];
