import { describe, expect, test } from 'vitest';
import { lineReporter } from '../../../src/report/lines/line-reporter.ts';
import type { RunEvent } from '../../../src/report/events/run-event.ts';
import { canaryPlan } from '../fixtures/canary-plan.ts';
import { MemoryStream } from '../fixtures/memory-stream.ts';
import { promotedRun } from '../fixtures/promoted-run.ts';
import { rolledBackRun } from '../fixtures/rolled-back-run.ts';
import { RunScript } from '../fixtures/run-script.ts';

async function linesOf(events: readonly RunEvent[], options: { color?: boolean; github?: boolean } = {}): Promise<readonly string[]> {
  const out = new MemoryStream();
  const reporter = lineReporter({ out, timeZone: 'UTC', ...options });
  for (const event of events) reporter.onEvent(event);
  await reporter.close();
  return out.lines;
}

const log = (line: string, step = 'quality/style'): RunEvent => ({
  run: 'r',
  at: Date.UTC(2026, 10, 20, 9, 0, 1),
  type: 'log',
  step,
  verb: 'run',
  attempt: 1,
  stream: 'stdout',
  line,
});

/** Behind the time and the column of keys. */
const textFrom = 50;

const aStart = new RunScript(canaryPlan).open('quality').start('quality/style').events;

describe('the line reporter', () => {
  test('the line reporter prints in aligned lines what each step did, with the time and the key', async () => {
    const lines = await linesOf(rolledBackRun().events);
    expect(lines).toContain('09:04:07  image/build                             ✓ succeeded in 2 m 21 s  {"digest":"sha256:6b1f0c2e"}');
    expect(lines).toContain('09:11:34  production/canary/2-hold                ◷ holding until 09:41:34 (30 m 00 s left), watched by canary-health');
  });

  test('the line reporter shows of a failure the code, the message, the hint and the last lines of its log', async () => {
    const script = new RunScript(canaryPlan).open('quality').start('quality/style').pass(2);
    const logs = ['collected 4 files', 'would reformat engine.py'].map((line) => log(line));
    const failure = { code: 'REL_EXIT', message: 'The command exited with 1.', hint: 'Run: black .', retryable: false };
    const ended = new RunScript(canaryPlan).open('quality').start('quality/style').pass(2);
    ended.say({ type: 'step-ended', step: 'quality/style', end: 'failed', failure, durationMs: 2000 });
    const lines = (await linesOf([...script.events, ...logs, ...ended.events])).map((line) => line.slice(textFrom));
    expect(lines.slice(-5)).toEqual([
      '✗ failed in 2.0 s',
      '  REL_EXIT: The command exited with 1.',
      '  hint: Run: black .',
      '  │ collected 4 files',
      '  │ would reformat engine.py',
    ]);
  });

  test('the line reporter does not print the last output of a command twice', async () => {
    const script = new RunScript(canaryPlan).open('quality').start('quality/style');
    const logs = ['reading', 'would reformat engine.py', ''].map((line) => log(line));
    const failure = { code: 'REL_EXIT', message: 'The command exited with 1.\nreading\nwould reformat engine.py', retryable: false };
    const ended = new RunScript(canaryPlan).open('quality').start('quality/style');
    ended.say({ type: 'step-ended', step: 'quality/style', end: 'failed', failure, durationMs: 0 });
    const lines = (await linesOf([...script.events, ...logs, ...ended.events])).map((line) => line.slice(textFrom));
    expect(lines.slice(-3)).toEqual(['  REL_EXIT: The command exited with 1.', '    reading', '    would reformat engine.py']);
  });

  test('the line reporter ends with the outcome, its reason, what was not rolled back and the command for the report', async () => {
    const lines = (await linesOf(rolledBackRun().events)).map((line) => line.slice(textFrom));
    expect(lines.slice(-4)).toEqual([
      'involution-engine rolled back after 23 m 07 s: canary-health failed: error-rate is 3.9%, limit 1%, for 2m',
      'not rolled back:',
      '  image/push: cannot be rolled back; its change stays in effect',
      'report: relpipe report 20261120-k7q2',
    ]);
  });

  test('the line reporter prints the command that answers an approval', async () => {
    const text = (await linesOf(promotedRun().events)).join('\n');
    expect(text).toContain('relpipe approve 20261120-k7q2 approve/release');
  });

  test('the line reporter prints no escape sequence unless colours are asked for, whatever steps print', async () => {
    const events = [...aStart, log('\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2J')];
    expect((await linesOf(events)).join('\n')).not.toMatch(/[\u001b\u0007]/u);
    expect((await linesOf(rolledBackRun().events, { color: true })).join('\n')).toMatch(/\u001b\[31m/u);
  });

  test('the line reporter prints an event once, however often it comes', async () => {
    const { events } = rolledBackRun();
    expect(await linesOf([...events, ...events])).toEqual(await linesOf(events));
  });

  test('the line reporter does not print history again, but knows its steps', async () => {
    const out = new MemoryStream();
    const reporter = lineReporter({ out, timeZone: 'UTC' });
    const { events } = rolledBackRun();
    for (const event of events.slice(0, -1)) reporter.onHistory(event);
    for (const event of events.slice(-1)) reporter.onEvent(event);
    await reporter.close();
    expect(out.lines).toHaveLength(4);
  });
});

describe('the line reporter in GitHub Actions', () => {
  const end = (script: RunScript): RunScript => script.open('quality').start('quality/style').pass(3).done('quality/style', 3);

  test('the line reporter folds the log of an attempt on GitHub Actions when it has ended', async () => {
    const lines = await linesOf([...aStart, log('one'), log('two'), ...end(new RunScript(canaryPlan)).events], { github: true });
    const at = lines.indexOf('::group::quality/style: log');
    expect(lines.slice(at, at + 4)).toEqual(['::group::quality/style: log', 'one', 'two', '::endgroup::']);
  });

  test('the line reporter does not let the output of a step command the runner of GitHub Actions', async () => {
    const hostile = ['::set-env name=PATH::/tmp', '  ::add-mask::x', '##[command]rm', 'a\r::error::b'];
    const lines = await linesOf([...aStart, ...hostile.map((line) => log(line)), ...end(new RunScript(canaryPlan)).events], { github: true });
    const commands = lines.filter((line) => /^\s*::|##\[/.test(line));
    expect(commands).toEqual(['::group::quality/style: log', '::endgroup::']);
  });

  test('the line reporter annotates a failed step on GitHub Actions with file, message and hint', async () => {
    const lines = await linesOf(rolledBackRun().events, { github: true });
    expect(lines.find((line) => line.startsWith('::error '))).toBe(
      '::error file=release.pipeline.yaml,title=production/canary/2-hold::REL_GATE_FAILED: Gate canary-health failed: error-rate is 3.9%25, limit 1%25, for 2m.%0ALook at the chart of error-rate, and at the log of the candidate from 09:19.',
    );
  });
});
