import { describe, expect, test } from 'vitest';
import { viewOf } from '../../src/report/view/fold-event.ts';
import { githubSummary } from '../../src/report/github-summary.ts';
import { renderRuns } from '../../src/report/render-runs.ts';
import { renderStatus } from '../../src/report/render-status.ts';
import { canaryPlan, planGroup, planOf, planStep } from './fixtures/canary-plan.ts';
import { beginHold, prepared, promotedRun } from './fixtures/promoted-run.ts';
import { rolledBackRun } from './fixtures/rolled-back-run.ts';
import { RunScript } from './fixtures/run-script.ts';

const utc = { timeZone: 'UTC' };

describe('the status of a run', () => {
  test('the status shows of a hold its end, its gates and their verdicts', () => {
    const script = prepared();
    beginHold(script, 'production/canary/2-hold');
    const text = renderStatus(canaryPlan, script.events, { ...utc, now: script.at + 600_000 });
    expect(text).toContain('holding until 09:41:30 (20 m 00 s left), watched by canary-health');
    expect(text).toContain('? canary-health: inconclusive, error-rate has no value yet');
  });

  test('the status shows of an approval who may give it, until when, and the exact commands', () => {
    const { events } = prepared();
    const asked = events.findIndex((event) => event.type === 'step-waiting' && event.why === 'approval') + 1;
    const text = renderStatus(canaryPlan, events.slice(0, asked), utc);
    expect(text).toContain('waiting for an approval by ann, bob, zoe until 2026-11-23 09:04:38 (3 d 0 h left): Deploy engine 1.4.0');
    expect(text).toMatch(/relpipe approve 20261120-k7q2 approve\/release\n\s+relpipe reject 20261120-k7q2 approve\/release/);
  });

  test('the status counts the end of an approval from its own timeout where the event names none', () => {
    const act = { act: 'approval', ask: 'Go?', quorum: 2, of: [] } as const;
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep('a/go', 'a', [], { act, timeoutMs: 3_600_000 })]);
    const script = new RunScript(plan).say({ type: 'step-waiting', step: 'a/go', why: 'approval', text: 'Go?' });
    expect(renderStatus(plan, script.events, utc)).toContain('waiting for 0 of 2 approvals until 10:00:00 (1 h 00 m left): Go?');
  });

  test('the status shows both answers to the question whether a step took effect', () => {
    const script = new RunScript(canaryPlan).open('image').start('image/push');
    script.say({ type: 'step-waiting', step: 'image/push', why: 'outcome-unknown', text: 'Was the image pushed?' });
    const text = renderStatus(canaryPlan, script.events, utc);
    expect(text).toContain('relpipe resolve 20261120-k7q2 image/push --took-effect');
    expect(text).toContain('relpipe resolve 20261120-k7q2 image/push --no-effect');
  });

  test('the status shows the commands to continue a paused run and to roll it back', () => {
    const script = prepared().say({ type: 'mode-changed', to: 'paused', because: 'the gate was inconclusive' });
    const text = renderStatus(canaryPlan, script.events, utc);
    expect(text).toContain('involution-engine: paused');
    expect(text).toContain('relpipe continue 20261120-k7q2 --reason');
    expect(text).toContain('relpipe rollback 20261120-k7q2 --reason');
  });

  test('the status lists what a rollback left in effect with what to do', () => {
    const text = renderStatus(canaryPlan, rolledBackRun().events, utc);
    expect(text).toContain('not rolled back:\n  image/push: cannot be rolled back; its change stays in effect');
    expect(text).toContain('candidate weight 0% (production/canary)');
  });

  test('the status shows the last output of a command once and line by line', () => {
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep('a/build', 'a', [])]);
    const message = 'make ended with 2:\nmain.c:1: error\nmake: stopped';
    const script = new RunScript(plan).open('a').start('a/build');
    script.say({ type: 'step-ended', step: 'a/build', end: 'failed', because: message, durationMs: 1, failure: { code: 'MAKE_FAILED', message, retryable: false } });
    script.say({ type: 'run-over', outcome: 'failed', because: `a/build: ${message}`, notRolledBack: [], outputs: {}, durationMs: 1 });
    const text = renderStatus(plan, script.events, utc);
    expect(text).toContain('p: failed (a/build: make ended with 2)\n');
    expect(text).toMatch(/ MAKE_FAILED: make ended with 2:\n +main\.c:1: error\n +make: stopped\n/);
    expect(text.split('main.c')).toHaveLength(2);
  });

  test('the status quotes keys that a shell would read otherwise', () => {
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep("a/it's $(x)", 'a', [])]);
    const script = new RunScript(plan).say({ type: 'step-waiting', step: "a/it's $(x)", why: 'approval' });
    expect(renderStatus(plan, script.events, utc)).toContain(String.raw`relpipe approve 20261120-k7q2 'a/it'\''s $(x)'`);
  });

  test('the status of a run without events says that it has not started', () => {
    expect(renderStatus(canaryPlan, [])).toBe('involution-engine has not started.');
  });
});

test('the table of runs shows the state, the length and the reason of each', () => {
  const waiting = new RunScript(canaryPlan, 'r2').say({ type: 'step-waiting', step: 'approve/release', why: 'approval' });
  const runs = [rolledBackRun().events, waiting.events].map((events) => viewOf(events)!);
  expect(renderRuns(runs, { now: waiting.at + 90_000, ...utc }).split('\n')).toEqual([
    'RUN            PIPELINE           STATE        STARTED              TOOK       REASON / WAITING FOR',
    '20261120-k7q2  involution-engine  rolled back  2026-11-20 09:00:00  23 m 07 s  canary-health failed: error-rate is 3.9%, limit 1%, for 2m',
    'r2             involution-engine  running      2026-11-20 09:00:00  1 m 30 s   approval approve/release',
  ]);
});

describe('the step summary of GitHub Actions', () => {
  test('the step summary of GitHub Actions has the outcome, the steps, the verdicts and what was not rolled back', () => {
    const text = githubSummary(viewOf(rolledBackRun().events)!);
    expect(text).toContain('## involution-engine: rolled back');
    expect(text).toContain('| ↩ | production/canary/1-shift | rolled back | 4.0 s |');
    expect(text).toContain('| ✗ fail | canary-health | production/canary/2-hold | error-rate is 3.9%, limit 1%, for 2m |');
    expect(text).toContain('- image/push: cannot be rolled back; its change stays in effect');
  });

  test('the step summary of GitHub Actions shows the commands to continue a paused run and to roll it back', () => {
    const script = new RunScript(canaryPlan);
    const paused = { run: script.run, at: script.at, type: 'paused', because: 'a gate failed' } as const;
    const text = githubSummary(viewOf([...script.events, paused])!);
    expect(text).toContain('- Continue: `relpipe continue 20261120-k7q2 --reason "…"`\n- Roll back: `relpipe rollback 20261120-k7q2 --reason "…"`\n- Report: `');
  });

  test('the step summary of GitHub Actions shows what a step asks, and the commands that answer', () => {
    const script = new RunScript(canaryPlan).say({ type: 'step-started', step: 'approve/release' });
    script.say({ type: 'step-waiting', step: 'approve/release', why: 'approval', text: 'Release 2.0.0?' });
    const text = githubSummary(viewOf(script.events)!);
    expect(text).toContain('| ◷ | approve/release | waiting: Release 2.0.0? |');
    expect(text).toContain('- Answer approve/release: `relpipe approve 20261120-k7q2 approve/release`\n');
  });

  test('the step summary of GitHub Actions says who may answer, and until when with date and zone', () => {
    const { events } = prepared();
    const asked = events.findIndex((event) => event.type === 'step-waiting' && event.why === 'approval') + 1;
    const text = githubSummary(viewOf(events.slice(0, asked))!);
    expect(text).toMatch(/- approve\/release: waiting for an approval by ann, bob, zoe until 2026-11-2\d \d\d:\d\d:38 (UTC|[+-]\d\d:\d\d): Deploy engine 1.4.0/);
  });

  test('the step summary of GitHub Actions cannot be broken by the output of a step', () => {
    const script = new RunScript(canaryPlan).say({
      type: 'run-over', outcome: 'failed', because: '<img src=x onerror=alert(1)> | [a](http://b)\n# big @everyone', notRolledBack: [], outputs: {}, durationMs: 1,
    });
    const text = githubSummary(viewOf(script.events)!);
    expect(text).not.toMatch(/<img|\[a\]|^# big|@everyone|http:\/\//m);
  });

  test('the step summary of GitHub Actions stays below the limit of GitHub with thousands of steps', () => {
    const steps = Array.from({ length: 10_000 }, (_, n) => planStep(`a/${String(n)}`, 'a', []));
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], steps);
    expect(githubSummary(viewOf(new RunScript(plan).events)!).length).toBeLessThan(100_000);
    expect(githubSummary(viewOf(promotedRun().events)!)).toContain('quality/style');
  });
});
