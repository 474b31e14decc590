import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe, type ExpectStatic } from 'vitest';
import { endsIn, eventsIn, pipeline, runIn, test } from './side-by-side.ts';

const gate = (metric: string) => `
gates:
  health:
    every: 300ms
    metrics:
      value: { ${metric} }
`;
const command = (print: string, more = 'threshold: { max: 5, critical: 50 }, no-data: inconclusive') => gate(`run: "${print}", unit: count, ${more}`);
const held = (entry = 'health', more = '', length = '900ms') => `
stages:
  one:
    steps:
      - { id: shift, run: "echo shifted > shifted", rollback: [{ id: back, run: "echo back > back" }] }
      - { id: watch, hold: ${length}, gates: [${entry}]${more} }
      - { id: promote, run: "echo promoted > promoted" }
`;

describe.concurrent('a hold with a gate', () => {
  test('a hold ends when its time is over and its gate passes', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(command('echo 1') + held()));
    const { code, stdout } = await folder.relpipe('run', '--json');
    const judged = eventsIn(stdout).filter(({ type }) => type === 'gate-evaluated');
    expect({ code, last: judged.at(-1) }).toMatchObject({ code: 0, last: { verdict: 'pass', step: 'one/watch' } });
    expect(folder.lines('promoted')).toEqual(['promoted']);
  });

  test.for(['', 'threshold: {}, '])('two consecutive negative results end a hold whose gate has no limit (%j)', async (threshold, { folderWith, expect }) => {
    const down = `uses: http.check, with: { url: "http://127.0.0.1:1/" }, ${threshold}no-data: fail`;
    const folder = await folderWith(pipeline(gate(down) + held()));
    expect((await folder.relpipe('run')).code).toBe(3);
    expect({ back: folder.lines('back'), promoted: folder.lines('promoted') }).toEqual({ back: ['back'], promoted: [] });
  });

  test.for([
    ['the second breach in a row', 'echo 9', false],
    ['the first critical one', 'if test -e once; then echo 1; else touch once; echo 99; fi', true],
  ] as const)('a hold ends and the run is rolled back at %s', async ([, print, critical], { folderWith, expect }) => {
    const folder = await folderWith(pipeline(command(print) + held()));
    const { code, stdout } = await folder.relpipe('run', '--json');
    const failed = eventsIn(stdout).find(({ type, verdict }) => type === 'gate-evaluated' && verdict === 'fail');
    expect({ code, failed, back: folder.lines('back'), promoted: folder.lines('promoted') }).toMatchObject({
      code: 3,
      failed: { critical },
      back: ['back'],
      promoted: [],
    });
  });

  test('a hold never ends when its metric prints no number or NaN, or cannot be queried, whatever no-data is', async ({ folderWith, expect }) => {
    const cells = Object.entries({ text: 'echo nothing', nan: 'echo nan', error: 'exit 3' }).flatMap(([name, print]) =>
      ['inconclusive', 'pass'].map((noData) => ({ name: `${name}-${noData}`, print, noData })),
    );
    const gates = cells.map(({ name, print, noData }) => `  ${name}: { every: 300ms, metrics: { value: { run: "${print}", unit: count, threshold: { max: 5 }, no-data: ${noData} } } }`);
    const stages = cells.map(({ name }) => `  ${name}: { steps: [{ id: hold-${name}, hold: 900ms, gates: [${name}], at-end: pause }, { id: promote-${name}, run: "echo ${name} >> promoted" }] }`);
    const folder = await folderWith(pipeline(['gates:', ...gates, 'stages:', ...stages].join('\n')));
    const { code, stdout } = await folder.relpipe('run');
    expect({ code, promoted: folder.lines('promoted') }, stdout).toEqual({ code: 6, promoted: [] });
  });

  test.for([
    ['a breach that nobody saw', 'cat answer', '99', 3],
    ['no answer any more', 'cat answer', '', 6],
    ['everything in order', 'cat answer', '1', 0],
  ] as const)('a hold that ended while no process watched finds %s', async ([, print, answer, wanted], { folderWith, expect }) => {
    const folder = await folderWith({ ...pipeline(command(print) + held('health', ', at-end: pause', '5s')), answer: '1' });
    const run = folder.start(['run', '--json']);
    await run.printed('"verdict":"pass"');
    run.child.kill('SIGKILL');
    const { stdout } = await run.finished;
    const endsAt = Number(eventsIn(stdout.slice(0, stdout.lastIndexOf('\n'))).find(({ why }) => why === 'hold')?.['until']);
    writeFileSync(join(folder.path, 'answer'), answer);
    while (Date.now() < endsAt) await pause(20);
    const resumed = await folder.relpipe('resume');
    expect({ code: resumed.code, promoted: folder.lines('promoted').length }, resumed.stdout).toEqual({ code: wanted, promoted: wanted === 0 ? 1 : 0 });
  });

  test('a hold with at-end: fail fails when its gate does not pass at its end', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(command('echo nan') + held('health', ', at-end: fail')));
    expect((await folder.relpipe('run')).code).toBe(3);
  });

  test('a hold that does not pass in time pauses the run, after its own timeout', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(command('echo nan') + held('health', ', timeout: 1200ms')));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }, stdout).toMatchObject({ code: 3, ends: { 'one/watch': 'failed' } });
  });

  test('a hold continues although a gate with continue breaches, and the run succeeds in part', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(command('echo 9') + held('{ health: continue }')));
    expect((await folder.relpipe('run')).code).toBe(5);
    expect(folder.lines('promoted')).toEqual(['promoted']);
  });
});

describe.concurrent('a gate that pauses', () => {
  const paused = pipeline(command('echo 9') + held('{ health: pause }'));
  const tell = async (word: 'continue' | 'rollback', folder: Folder, expect: ExpectStatic) => {
    const first = await folder.relpipe('run');
    expect({ code: first.code, back: folder.lines('back'), promoted: folder.lines('promoted') }, first.stdout).toEqual({ code: 6, back: [], promoted: [] });
    expect((await folder.relpipe('status')).stdout).toContain('paused');
    const told = await folder.relpipe(word, runIn(first.stdout), '--reason', 'I looked at it');
    return word === 'rollback' ? told : folder.relpipe('resume');
  };

  test('a gate that pauses keeps everything as it is, and continue accepts it', async ({ folderWith, expect }) => {
    const folder = await folderWith(paused);
    const { code, stdout } = await tell('continue', folder, expect);
    expect({ code, promoted: folder.lines('promoted'), back: folder.lines('back') }, stdout).toEqual({ code: 0, promoted: ['promoted'], back: [] });
    expect((await folder.relpipe('status', '--json')).stdout).toContain('I looked at it');
  });

  test('a gate that pauses keeps everything as it is, and rollback rolls back in a process of its own', async ({ folderWith, expect }) => {
    const folder = await folderWith(paused);
    const { code, stdout } = await tell('rollback', folder, expect);
    expect({ code, promoted: folder.lines('promoted'), back: folder.lines('back') }, stdout).toEqual({ code: 3, promoted: [], back: ['back'] });
  });

  test('a paused run stays paused when it is resumed without a decision', async ({ folderWith, expect }) => {
    const folder = await folderWith(paused);
    await folder.relpipe('run');
    expect((await folder.relpipe('resume')).code).toBe(6);
    expect((await folder.relpipe('continue')).code).toBe(2);
    expect(folder.lines('promoted')).toEqual([]);
  });
});

describe.concurrent('http.check', () => {
  test('http.check passes on a healthy service, and the release is rolled back when the service fails', async ({ folderWith, expect }) => {
    let isHealthy = true;
    const server = createServer((_request, response) => response.writeHead(isHealthy ? 200 : 503).end('so it is'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/health`;
    try {
      const checked = pipeline(gate(`uses: http.check, with: { url: "${url}", contains: so }, threshold: { violations: { more-than: 1, within: 10s } }, no-data: fail`) + held());
      const good = await folderWith(checked);
      expect((await good.relpipe('run')).code).toBe(0);
      isHealthy = false;
      const bad = await folderWith(checked);
      expect((await bad.relpipe('run')).code).toBe(3);
      expect(bad.lines('back')).toEqual(['back']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe.concurrent('a gate step', () => {
  const waiting = (print: string, timeout: string) =>
    pipeline(`${command(print)}
stages:
  one:
    steps:
      - { id: look, gate: health, timeout: ${timeout} }
      - { id: promote, run: "echo promoted > promoted" }
`);

  test.for([
    ['passes with a conclusive answer', 'echo 1', 0],
    ['fails with a breach', 'echo 9', 1],
    ['fails without an answer in time', 'echo nan', 1],
  ] as const)('a gate step %s', async ([, print, wanted], { folderWith, expect }) => {
    const folder = await folderWith(waiting(print, wanted === 0 ? '15s' : '1500ms'));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, promoted: folder.lines('promoted').length }, stdout).toEqual({ code: wanted, promoted: wanted === 0 ? 1 : 0 });
  });
});

describe.concurrent('a task with a gate', () => {
  test('a task with a gate is stopped and rolled back at a breach', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`${command('echo 99')}
stages:
  one:
    steps:
      - { id: shift, run: "sleep 30; touch never", gates: [health], rollback: [{ id: back, run: "echo back > back" }] }
`),
    );
    const { code, stdout } = await folder.relpipe('run');
    expect({ code, back: folder.lines('back') }, stdout).toEqual({ code: 3, back: ['back'] });
  });
});
