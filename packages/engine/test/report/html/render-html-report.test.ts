import { describe, expect, test } from 'vitest';
import { renderHtmlReport } from '../../../src/report/html/render-html-report.ts';
import type { MeasurementRecord } from '../../../src/run/measurement-record.ts';
import { canaryPlan, planGroup, planOf, planStep } from '../fixtures/canary-plan.ts';
import { longRun } from '../fixtures/long-run.ts';
import { promotedRun } from '../fixtures/promoted-run.ts';
import { rolledBackRun } from '../fixtures/rolled-back-run.ts';
import { RunScript } from '../fixtures/run-script.ts';

/** The page without its style and script. */
const bodyOf = (page: string): string => page.slice(page.indexOf('<body>')).replace(/<script>[^]*$/, '');

describe('the HTML report', () => {
  test('the HTML report loads nothing: it has no address, no import, and a policy that allows only its own style and script', () => {
    const page = renderHtmlReport(promotedRun());
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\((?!#)|@import|https?:\/\//);
    expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'"/);
    expect(page).not.toMatch(/ style=| on\w+=/);
  });

  test('the HTML report shows what ran, how it ended and why, who started it, and from which commit', () => {
    const body = bodyOf(renderHtmlReport(rolledBackRun()));
    for (const words of ['rolled back', 'involution-engine', 'error-rate is 3.9%, limit 1%, for 2m', '23 m 07 s', '20261120-k7q2', '4f1c2d9a7e0b', 'ann (named by the CI system)', '1.4.0'])
      expect(body).toContain(words);
  });

  test('the HTML report shows the last output of a failed attempt, as text', () => {
    const script = new RunScript(canaryPlan).tryFails('quality/style', 1, 4, { code: 'REL_COMMAND_FAILED', message: 'It failed.', retryable: false });
    const logOf = ({ step, verb, attempt }: { step: string; verb: string; attempt: number }) => [`${step} ${verb} ${attempt}`, '\u001b[31m<b>red</b>\u001b[0m'];
    const body = bodyOf(renderHtmlReport({ plan: canaryPlan, events: script.events, measurements: [], logOf }));
    expect(body).toContain('<summary>log of run 1</summary><pre tabindex="0">quality/style run 1\n&lt;b&gt;red&lt;/b&gt;</pre>');
  });

  test('the HTML report shows that the work tree was not as in the commit', () => {
    const plan = { ...canaryPlan, source: { ...canaryPlan.source, uncommitted: true } } as const;
    expect(bodyOf(renderHtmlReport({ plan, events: new RunScript(plan).events, measurements: [] }))).toContain('4f1c2d9a7e0b</code> with uncommitted changes');
  });

  test('the HTML report marks rolled-back steps in the graph by symbol, word and style', () => {
    const body = bodyOf(renderHtmlReport(rolledBackRun()));
    expect(body).toMatch(/class="step state-rolled-back"><title>production\/canary\/1-shift \(traffic\.shift\): rolled back/);
    expect(body).toMatch(/class="group state-rolled-back"/);
    expect(body).toContain('>rolled back, 4.0 s</text>');
  });

  test('the HTML report draws the weight down to 0 % and the rollback as a mark', () => {
    const body = bodyOf(renderHtmlReport(rolledBackRun()));
    expect(body).toContain('09:23:07 0 %, set by production/canary/rollback-now/1-shift');
    expect(body).toContain('>rollback started</text>');
  });

  test('the HTML report shows what could not be rolled back and what to do', () => {
    expect(bodyOf(renderHtmlReport(rolledBackRun()))).toMatch(/Not rolled back<\/h3><ul><li><a href="#step-image%2Fpush">image\/push<\/a> cannot be rolled back/);
  });

  test('the HTML report shows who approved and how they are known', () => {
    expect(bodyOf(renderHtmlReport(promotedRun()))).toContain('bob (signed identity (OIDC))</td><td>yes</td>');
  });

  test('the HTML report shows gaps, and separately the samples whose query failed', () => {
    const body = bodyOf(renderHtmlReport(promotedRun()));
    expect(body).toMatch(/class="gap no-data"[^>]*><title>[^<]*candidate, 8 samples: no data/);
    expect(body).toMatch(/class="gap error"[^>]*><title>[^<]*3 samples: query failed: connect ECONNREFUSED/);
  });

  test('the legend of a chart names its metric, and the weight of the candidate is in the head once', () => {
    const body = bodyOf(renderHtmlReport(rolledBackRun()));
    expect(body).toMatch(/<ul class="legend">[^]*?<\/svg>error-rate<\/li>/);
    expect(body).not.toContain('</svg>candidate</li>');
    expect(body.match(/<dt>Candidate weight<\/dt>/g)).toHaveLength(1);
  });

  test('on a narrow screen, each row of a table is a block, with a label for what has no meaning alone', () => {
    const page = renderHtmlReport(rolledBackRun());
    expect(page).toMatch(/@media\(max-width:700px\)\{table,tbody,tr,th,td\{display:block\}/);
    expect(page).toContain('data-label="Attempts"');
  });

  test('the HTML report shows every limit with its text', () => {
    const body = bodyOf(renderHtmlReport(rolledBackRun()));
    for (const label of ['max 1%', 'critical 5%', 'warn +10%', 'max 300ms', 'critical +200%']) expect(body).toContain(`>${label}</text>`);
  });

  test('the HTML report stays small for three days of three metrics every 30 seconds, keeps the peak, and says that it was thinned', () => {
    const run = longRun();
    expect(run.measurements.length).toBeGreaterThan(3 * 8640);
    const page = renderHtmlReport(run);
    expect(page.length).toBeLessThan(1_500_000);
    expect(page).toContain('4.73 %');
    expect(page).toContain('drawn with the lowest and highest value of each pixel');
  });

  test('the HTML report is complete for a run that has not started, and for one that has only started', () => {
    expect(renderHtmlReport({ plan: canaryPlan, events: [], measurements: [] })).toContain('has not started');
    const page = renderHtmlReport({ plan: canaryPlan, events: new RunScript(canaryPlan).events, measurements: [] });
    expect(page).toContain('running</p>');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('the HTML report never writes NaN or Infinity into a drawing', () => {
    for (const run of [promotedRun(), rolledBackRun(), longRun()]) expect(bodyOf(renderHtmlReport(run))).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test('the HTML report draws a metric without one value, and one with a single value', () => {
    const { plan, events } = rolledBackRun();
    const only = (value: number | null): MeasurementRecord[] => [
      { step: 'production/canary/2-hold', gate: 'canary-health', metric: 'error-rate', side: 'candidate', at: events[0]!.at + 900_000, value, query: 'q', raw: null, warnings: [] },
    ];
    expect(bodyOf(renderHtmlReport({ plan, events, measurements: only(null) }))).toContain('0 values · 1 sample without data');
    expect(bodyOf(renderHtmlReport({ plan, events, measurements: only(0.02) }))).toContain('candidate 2 %');
    expect(bodyOf(renderHtmlReport({ plan, events, measurements: only(0.02) }))).not.toMatch(/NaN|Infinity/);
  });
});

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&\u202e]]>--><svg onload=alert(3)>\`\${1}`;

test('a name, a message or an output stays text in the HTML report, whatever it contains', () => {
  const plan = planOf(hostile, [planGroup('', 'run'), planGroup(hostile, 'stage')], [planStep(`${hostile}/a`, hostile, [], { title: hostile, gates: [{ gate: hostile }] })]);
  const metric = { name: hostile, uses: hostile, with: {}, unit: 'ratio', threshold: { max: { kind: 'absolute', value: 1, text: hostile } }, noData: 'fail', shadow: false } as const;
  const evil = { ...plan, inputs: { [hostile]: hostile }, source: { file: hostile, commit: hostile }, gates: { [hostile]: { name: hostile, everyMs: 1000, metrics: [metric] } } };
  const failure = { code: hostile, message: hostile, hint: hostile, retryable: false };
  const step = `${hostile}/a`;
  const script = new RunScript(evil, hostile).task(step, 1, { weight: 5, [hostile]: hostile });
  script.say({ type: 'gate-evaluated', step, gate: hostile, verdict: 'fail', because: hostile, critical: true, observedAt: 0, coveredUntil: 0 });
  script.say({ type: 'answered', step, who: { who: hostile, by: 'flag' }, yes: true, counted: false, comment: hostile });
  script.say({ type: 'step-ended', step, end: 'failed', because: hostile, failure, durationMs: 1 });
  script.say({ type: 'mode-changed', to: 'rollback', because: hostile });
  script.say({ type: 'run-over', outcome: 'rollback-failed', because: hostile, notRolledBack: [step, hostile], outputs: {}, durationMs: 1 });
  const measured = { step, gate: hostile, metric: hostile, at: script.at, query: hostile, raw: hostile, warnings: [hostile], series: hostile } as const;
  const page = renderHtmlReport({
    plan: evil,
    events: script.events,
    measurements: [
      { ...measured, side: 'candidate', value: 0.5 },
      { ...measured, side: 'baseline', value: null, error: hostile },
    ],
  });
  expect(page.match(/<script[ >]/g)).toHaveLength(1 + (page.match(/<script type="application\/json">/g) ?? []).length);
  expect(page).not.toMatch(/<img|<svg onload|\u202e/);
  // Inside the JSON of a chart a quote harms nobody; elsewhere it is an entity, so that no attribute ends early.
  expect(page.replace(/<script type="application\/json">.*<\/script>/g, '')).not.toContain(`'alert(2)'`);
  expect(page).toContain('&lt;script&gt;alert(1)');
});
