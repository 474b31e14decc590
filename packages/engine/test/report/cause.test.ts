import { expect, test } from 'vitest';
import { githubSummary } from '../../src/report/github-summary.ts';
import { renderHtmlReport } from '../../src/report/html/render-html-report.ts';
import { eventLines } from '../../src/report/lines/event-lines.ts';
import { renderRuns } from '../../src/report/render-runs.ts';
import { renderStatus } from '../../src/report/render-status.ts';
import { drawFrame } from '../../src/report/terminal/draw-frame.ts';
import { nextCommandsAt } from '../../src/report/text/next-commands.ts';
import { clockIn } from '../../src/report/text/times.ts';
import { viewOf } from '../../src/report/view/fold-event.ts';
import { planGroup, planOf, planStep } from './fixtures/canary-plan.ts';
import { RunScript } from './fixtures/run-script.ts';

const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage'), planGroup('a/c', 'composite', { parent: 'a' })], [
  planStep('a/act', 'a', [], { gates: [{ gate: 'canary-health' }] }),
  planStep('a/c/inside', 'a/c', ['a/act']),
  planStep('a/last', 'a', ['a/c'], { act: { act: 'hold', for: '1h', atEnd: 'wait' } }),
]);
const breach = 'gate canary-health failed: error-rate is 9 %, above critical 5 %';

/** A gate stops a step while it works. */
const stopped = () =>
  new RunScript(plan).open('a').start('a/act').judge('a/act', 'fail', 'error-rate is 9 %, above critical 5 %', true)
    .say({ type: 'mode-changed', to: 'rollback', because: `a/act: ${breach}` })
    .say({ type: 'step-ended', step: 'a/act', end: 'failed', because: breach, durationMs: 1_300 })
    .say({ type: 'rollback-started', unit: 'a/act' }).say({ type: 'rollback-ended', unit: 'a/act', end: 'rolled-back' })
    .say({ type: 'run-over', outcome: 'rolled-back', because: `a/act: ${breach}`, notRolledBack: [], outputs: {}, durationMs: 1_400 });

/** A person rolls back a run that a gate paused. */
const rolledBack = (before?: string) => {
  const script = new RunScript(plan).open('a').task('a/act', 1);
  if (before !== undefined) script.say({ type: 'mode-changed', to: 'paused', because: before });
  return script
    .say({ type: 'commanded', command: 'rollback', who: { who: 'zoe', by: 'os-user' }, reason: 'night shift' })
    .say({ type: 'mode-changed', to: 'rollback', because: 'rollback by zoe: night shift' })
    .say({ type: 'rollback-started', unit: 'a/act' }).say({ type: 'rollback-ended', unit: 'a/act', end: 'rolled-back' })
    .settle('a', 'succeeded')
    .say({ type: 'run-over', outcome: 'rolled-back', because: before ?? 'rollback by zoe: night shift', notRolledBack: [], outputs: {}, durationMs: 9_000 });
};

const context = { clock: clockIn('UTC'), next: nextCommandsAt() };
const linesOf = ({ events }: RunScript): string[] => {
  const view = viewOf(events)!;
  return events.flatMap((event) => eventLines(event, view, context).map(({ text }) => text));
};
const bodyOf = ({ events }: RunScript): string => {
  const page = renderHtmlReport({ plan, events, measurements: [] });
  return page.slice(page.indexOf('<body>')).replace(/<script>[^]*$/, '');
};
const text = (body: string): string => body.replace(/<svg[^]*?<\/svg>/g, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('the HTML report of a run that a gate stopped begins with the step, the gate, the value and the limit', () => {
  const body = bodyOf(stopped());
  expect(text(body)).toContain(`What needs attention a/act failed ${breach}`);
  expect(body.indexOf('What needs attention')).toBeLessThan(body.indexOf('id="plan"'));
});

test('the HTML report marks the step where the run broke, although it is rolled back', () => {
  const body = bodyOf(stopped());
  expect(body).toContain('<tr id="step-a%2Fact" class="broken">');
  expect(text(body)).toContain('rolled back after it failed');
  expect(body).toContain('class="step state-rolled-back broken"');
});

test('the person who rolled it back, and the reason, come first wherever the end of a run is told', () => {
  const script = rolledBack();
  const view = viewOf(script.events)!;
  const cause = 'rolled back by zoe: night shift';
  expect(linesOf(script)).toEqual(expect.arrayContaining([
    'rolled back by zoe (operating system user, not authenticated): night shift',
    `rollback started: ${cause}`,
    `p rolled back after 9.0 s: ${cause}`,
  ]));
  expect(renderStatus(plan, script.events).split('\n')[0]).toBe(`p: rolled back (${cause})`);
  expect(renderRuns([view], { now: 0 })).toContain(cause);
  expect(githubSummary(view)).toContain(`> ${cause}`);
  expect(text(bodyOf(script))).toContain('What needs attention Rolled back by zoe (operating system user, not authenticated) night shift Rolled back a/act');
  expect(bodyOf(script)).toContain(`<p class="because">${cause}</p>`);
});

test('a rollback names what had gone wrong before, after the person', () => {
  expect(linesOf(rolledBack(`a/act: ${breach}`))).toContain(`p rolled back after 9.0 s: rolled back by zoe: night shift; before that, a/act: ${breach}`);
});

test('a person who only hastens a rollback is not its cause', () => {
  const { events } = stopped();
  const hastened = new RunScript(plan);
  hastened.events.splice(0, 1, ...events.slice(0, -1));
  hastened.say({ type: 'commanded', command: 'rollback', who: { who: 'zoe', by: 'os-user' }, reason: 'now' })
    .say({ type: 'mode-changed', to: 'rollback', because: 'rollback by zoe: now' })
    .say({ type: 'run-over', outcome: 'rolled-back', because: `a/act: ${breach}`, notRolledBack: [], outputs: {}, durationMs: 1_400 });
  expect(renderStatus(plan, hastened.events).split('\n')[0]).toBe(`p: rolled back (a/act: ${breach})`);
});

test('the HTML report shows the output of a failure as it was printed, below its sentence', () => {
  const failure = { code: 'REL_COMMAND_FAILED', message: 'python ended with 1:\nTraceback:\n  File "a.py"\n    x()', retryable: false };
  const script = new RunScript(plan).open('a').tryFails('a/act', 1, 2, failure).say({ type: 'step-ended', step: 'a/act', end: 'failed', failure, durationMs: 2_000 });
  const output = '<pre tabindex="0">Traceback:\n  File &quot;a.py&quot;\n    x()</pre>';
  expect(bodyOf(script).split(output)).toHaveLength(3);
  expect(bodyOf(script)).toContain('<p>python ended with 1: <code>REL_COMMAND_FAILED</code></p>');
});

test('a report of a paused, an interrupted and a waiting run says what it waits for, and what to type', () => {
  const paused = new RunScript(plan).open('a').say({ type: 'mode-changed', to: 'paused', because: `a/act: ${breach}` });
  expect(text(bodyOf(paused))).toMatch(/Paused a\/act: gate .*continue: relpipe continue 20261120-k7q2/);
  const asking = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep('a/go', 'a', [], { act: { act: 'approval', ask: 'Go?', quorum: 1, of: ['ann'] }, timeoutMs: 3_600_000 })]);
  const { events } = new RunScript(asking).say({ type: 'step-waiting', step: 'a/go', why: 'approval', text: 'Go?' });
  expect(text(renderHtmlReport({ plan: asking, events, measurements: [] }))).toContain('waiting for an approval by ann until 2026-11-20 10:00:00 UTC: Go?');
});

test('a stage whose only effect was rolled back is not shown as succeeded', () => {
  expect(renderStatus(plan, rolledBack().events)).toContain('\na  rolled back\n');
});

test('the status shows the steps of a stage and its composites in the order of the file', () => {
  const keys = renderStatus(plan, stopped().events).split('\n').flatMap((line) => /^ *\S? ?(a\/[\w/]+)/.exec(line)?.[1] ?? []);
  expect(keys).toEqual(['a/act', 'a/c', 'a/c/inside', 'a/last']);
});

test('the hold of a paused run stands still', () => {
  const script = new RunScript(plan).open('a').say({ type: 'step-started', step: 'a/last' });
  script.say({ type: 'step-waiting', step: 'a/last', why: 'hold', until: script.at + 3_600_000 }).say({ type: 'mode-changed', to: 'paused', because: 'x' });
  const status = renderStatus(plan, script.events, { now: script.at + 60_000 });
  expect(status).toContain('paused in its hold');
  expect(status).not.toContain('left)');
});

const frame = (script: RunScript) => drawFrame(viewOf(script.events)!, { now: script.at, rows: 22, columns: 80, ...context, paint: (painted) => painted });

test('the last frame names the steps that were undone', () => {
  expect(frame(stopped()).join('\n')).toMatch(/↩ act +rolled back/);
});

test('on 80 columns, nothing of an approval is cut', () => {
  const ask = `Deploy the calculation API to production today? ${'It has been tested by everybody. '.repeat(4)}`.trim();
  const of = ['release-managers', 'on-call', 'platform', 'security', 'documentation', 'support', 'sales'];
  const asking = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], [planStep('a/go', 'a', [], { act: { act: 'approval', ask, quorum: 2, of }, timeoutMs: 3_600_000 })]);
  const lines = frame(new RunScript(asking).open('a').say({ type: 'step-started', step: 'a/go' }).say({ type: 'step-waiting', step: 'a/go', why: 'approval', text: ask }));
  const whole = lines.map((line) => line.trim()).join(' ');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(79);
  for (const words of [`question: ${ask}`, `0 of 2 approvals by ${of.join(', ')}`, 'until 10:00:00 (1 h 00 m left)']) expect(whole).toContain(words);
});
