import { describe, expect, test } from 'vitest';
import { githubSummary } from '../../../src/report/github-summary.ts';
import { renderStatus } from '../../../src/report/render-status.ts';
import { runbookOf } from '../../../src/report/text/failures.ts';
import { viewOf } from '../../../src/report/view/fold-event.ts';
import { planGroup, planOf, planStep } from '../fixtures/canary-plan.ts';
import { RunScript } from '../fixtures/run-script.ts';

const groups = [planGroup('', 'run'), { ...planGroup('a', 'stage'), runbook: 'Fix it, then `relpipe resume`.' }, planGroup('b', 'stage')];
const steps = [planStep('a/own', 'a', [], { runbook: 'https://runbooks.example/own' }), planStep('a/other', 'a', []), planStep('b/third', 'b', [])];
const plan = { ...planOf('p', groups, steps), runbook: 'Call the on-call engineer.' };
const failure = { code: 'REL_EXIT', message: 'The command exited with 1.', retryable: false };

function failed(step: string) {
  const script = new RunScript(plan).open('a').open('b').start(step).pass(2);
  return script.say({ type: 'step-ended', step, end: 'failed', failure, durationMs: 2000 }).events;
}

describe('a runbook', () => {
  test.for([
    ['a/own', 'https://runbooks.example/own'],
    ['a/other', 'Fix it, then `relpipe resume`.'],
    ['b/third', 'Call the on-call engineer.'],
  ] as const)('of the nearest place is shown with the failure of %s', ([step, text], ) => {
    const view = viewOf(failed(step));
    expect(view && runbookOf(view, step)).toBe(text);
    expect(renderStatus(plan, failed(step), { timeZone: 'UTC' })).toContain(`runbook: ${text}`);
  });

  test('of a step that succeeded is not shown', () => {
    const events = new RunScript(plan).open('a').task('a/own', 2).events;
    expect(renderStatus(plan, events, { timeZone: 'UTC' })).not.toContain('runbook');
  });

  test('is part of the summary on GitHub', () => {
    const view = viewOf(failed('a/own'));
    expect(view && githubSummary(view)).toContain('- Runbook of a/own: https&#58;//runbooks.example/own');
  });
});
