import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/report/view/fold-event.ts';
import { drawFrame } from '../../../src/report/terminal/draw-frame.ts';
import { liveArea } from '../../../src/report/terminal/live-area.ts';
import { terminalReporter } from '../../../src/report/terminal/terminal-reporter.ts';
import { clockIn } from '../../../src/report/text/times.ts';
import { nextCommandsAt } from '../../../src/report/text/next-commands.ts';
import { canaryPlan, planGroup, planOf, planStep } from '../fixtures/canary-plan.ts';
import { MemoryStream } from '../fixtures/memory-stream.ts';
import { beginHold, prepared, promotedRun } from '../fixtures/promoted-run.ts';
import { rolledBackRun } from '../fixtures/rolled-back-run.ts';
import { RunScript } from '../fixtures/run-script.ts';

const frameAt = (now: number, rows = 40) => ({ now, rows, clock: clockIn('UTC'), next: nextCommandsAt(), paint: (text: string) => text });

/** A terminal of 100 columns that remembers what was written. */
const terminal = () => Object.assign(new MemoryStream(), { isTTY: true, columns: 100, rows: 30 }) as unknown as NodeJS.WriteStream & MemoryStream;

describe('a frame of the live tree', () => {
  test('a frame shows a hold with its countdown, its verdict, the values and the weight', () => {
    const script = prepared().task('production/canary/1-shift', 4, { weight: 10 });
    const step = 'production/canary/2-hold';
    beginHold(script, step);
    const seen = { step, gate: 'canary-health', metric: 'error-rate', at: script.at, query: '', raw: null, warnings: [] };
    const measured = { run: script.run, at: script.at, type: 'measured', measurement: { ...seen, side: 'candidate', value: 0.0042 } } as const;
    const text = drawFrame(viewOf([...script.events, measured])!, frameAt(script.at + 600_000)).join('\n');
    expect(text).toContain('candidate 10%');
    expect(text).toContain('holding until 09:41:34 (20 m 00 s left), watched by canary-health');
    expect(text).toContain('? canary-health inconclusive: error-rate has no value yet');
    expect(text).toContain('error-rate 0.42 %');
  });

  test('a frame shows the whole question of an approval, and the commands that answer it', () => {
    const { events } = promotedRun();
    const asked = events.findIndex((event) => event.type === 'step-waiting' && event.why === 'approval') + 1;
    const text = drawFrame(viewOf(events.slice(0, asked))!, frameAt(0)).join('\n');
    expect(text).toMatch(/question: Deploy engine 1.4.0 to production\?\n\s+relpipe approve 20261120-k7q2 approve\/release\n\s+relpipe reject/);
  });

  test('a frame counts rolled-back and skipped steps apart from those that are done', () => {
    const steps = ['a/one', 'a/two', 'b/three'].map((key) => planStep(key, key.slice(0, 1), []));
    const script = new RunScript(planOf('p', [planGroup('', 'run'), planGroup('a', 'stage'), planGroup('b', 'stage')], steps));
    script.open('a').task('a/one', 1).say({ type: 'rollback-started', unit: 'a/one' }).say({ type: 'rollback-ended', unit: 'a/one', end: 'rolled-back' });
    script.say({ type: 'step-ended', step: 'b/three', end: 'skipped', durationMs: 0 });
    const lines = drawFrame(viewOf(script.events)!, frameAt(0)).map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/a {2}0 of 2 done, 1 rolled back$/), expect.stringMatching(/b {2}1 skipped$/)]));
  });

  test.each([5, 10, 24])('a frame of a thousand running steps fits into %d rows and counts the rest', (rows) => {
    const steps = Array.from({ length: 1000 }, (_, n) => planStep(`a/${String(n)}`, 'a', []));
    const script = new RunScript(planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], steps)).open('a');
    for (const { key } of steps) script.start(key);
    const lines = drawFrame(viewOf(script.events)!, frameAt(script.at, rows));
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.join('\n')).toMatch(/… \d+ more lines/);
  });

  test('a frame of a thousand groups fits into the rows of the terminal', () => {
    const keys = Array.from({ length: 1000 }, (_, n) => `g${String(n)}`);
    const plan = planOf('p', [planGroup('', 'run'), ...keys.map((key) => planGroup(key, 'stage'))], keys.map((key) => planStep(`${key}/a`, key, [])));
    expect(drawFrame(viewOf(new RunScript(plan).start('g500/a').events)!, frameAt(0, 20)).length).toBeLessThanOrEqual(20);
  });
});

describe('the terminal reporter', () => {
  test('the terminal reporter ends with the whole tree, and below it what went wrong and how the run ended', async () => {
    const out = terminal();
    const listeners = process.listenerCount('exit');
    const reporter = terminalReporter({ out, env: { NO_COLOR: '1' }, now: () => 0, timeZone: 'UTC' });
    for (const event of rolledBackRun().events) reporter.onEvent(event);
    await reporter.close();
    const text = stripVTControlCharacters(out.text);
    expect(text).toContain('involution-engine 20261120-k7q2  rolled back');
    expect(text).not.toMatch(/[✔√] involution-engine/);
    expect(text.trimEnd().split('\n').slice(-4).map((line) => line.trim())).toEqual([
      expect.stringContaining('involution-engine rolled back after 23 m 07 s'),
      'not rolled back:',
      'image/push: cannot be rolled back; its change stays in effect',
      'report: relpipe report 20261120-k7q2',
    ]);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  test('the terminal reporter listens to no signal', async () => {
    const before = process.listenerCount('SIGINT');
    const reporter = terminalReporter({ out: terminal(), env: {}, now: () => 0 });
    for (const event of rolledBackRun().events) reporter.onEvent(event);
    expect(process.listenerCount('SIGINT')).toBe(before);
    await reporter.close();
  });

  test('the terminal reporter neither keeps a process alive that has nothing left to do, nor ends it with an error', async () => {
    const script = fileURLToPath(new URL('../fixtures/ends-without-closing.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 });
    expect(stdout).toContain('\u001b[?25h');
  });

  test('the terminal reporter prints plain lines where there is no terminal', async () => {
    const out = Object.assign(new MemoryStream(), { isTTY: false }) as unknown as NodeJS.WriteStream & MemoryStream;
    const reporter = terminalReporter({ out, env: {}, now: () => 0, timeZone: 'UTC' });
    for (const event of new RunScript(canaryPlan).open('quality').events) reporter.onEvent(event);
    await reporter.close();
    expect(out.lines).toContainEqual(expect.stringMatching(/^09:00:00 {2}quality +▸ started$/));
    expect(out.text).not.toContain('\u001b');
  });

  test('a line that is wider than the terminal is cut, so that a frame keeps its height', async () => {
    const out = terminal();
    await liveArea(out, () => `short\n${'wide '.repeat(40)}`).close();
    const lines = stripVTControlCharacters(out.text).split('\n').map((line) => line.trimEnd());
    expect(lines).toContain(`${'wide '.repeat(40).slice(0, 98)}…`);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(100);
  });

  test('a frame that cannot be drawn is reported at the end, and disturbs nothing before', async () => {
    let frames = 0;
    const area = liveArea(terminal(), () => {
      frames += 1;
      if (frames > 1) throw new Error('cannot draw');
      return 'first';
    });
    await expect(area.close()).rejects.toThrow('cannot draw');
  });
});
