import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, test } from './side-by-side.ts';

const object = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

/** A plugin in plain JavaScript: starts a process that goes on working, and ends it again. */
const plugin = `
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
const write = (context, line) => appendFileSync(join(context.workdir, 'marks'), line + '\\n');
const isThere = (context, file) => existsSync(join(context.workdir, file));
const start = (scope) => ({
  summary: 'Starts a process',
  with: ${JSON.stringify(object({ pid: { type: 'string' } }))},
  outputs: ${JSON.stringify(object({}))},
  state: ${JSON.stringify(object({ file: { type: 'string' } }))},
  onLost: 'retry',
  rollback: 'nothing',
  async run({ pid }, context) {
    const file = join(context.workdir, pid);
    await context.saveState({ file });
    spawn('sh', ['-c', 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 600', file], { detached: true, stdio: 'ignore' }).unref();
    while (!existsSync(file)) await context.clock.sleep(10);
    write(context, 'start ' + pid);
    if (isThere(context, 'fail-start')) throw new Error('it does not come up');
    return {};
  },
  teardown: {
    scope,
    async run({ pid }, context) {
      write(context, 'release ' + pid + ': ' + context.because);
      while (isThere(context, 'slow')) await context.clock.sleep(10);
      if (isThere(context, 'fail-release')) throw Object.assign(new Error('it does not go away'), { [Symbol.for('relpipe.step-error')]: true, code: 'SERVICE_STAYS', hint: 'Kill it by hand.', retryable: false });
      if (!existsSync(context.saved.file)) return;
      process.kill(Number(readFileSync(context.saved.file, 'utf8')), 'SIGKILL');
      rmSync(context.saved.file);
    },
  },
});
export default { name: 'service', contract: 1, steps: { 'for-step': start('step'), 'for-stage': start('stage'), 'for-run': start('run') } };
`;

const withPlugin = (body: string) => ({
  ...pipeline(`plugins: { relpipe-plugin-service: "*" }\ndefaults: { retry: { attempts: 2, backoff: 1ms..1ms } }\n${body}`),
  'node_modules/relpipe-plugin-service/package.json': JSON.stringify({ name: 'relpipe-plugin-service', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/relpipe-plugin-service/index.js': plugin,
});

/** A service for the tests of a stage; the next stage finds it gone. */
const tested = (tests = 'true') =>
  withPlugin(`
stages:
  quality:
    steps:
      - { id: db, uses: service.for-stage, with: { pid: db.pid } }
      - { id: tests, run: "kill -0 $(cat db.pid); echo tests >> marks; ${tests}", idempotent: true }
  deploy:
    needs: [quality]
    steps: [{ id: up, run: "! test -e db.pid && echo up >> marks" }]
`);

const alone = withPlugin('stages: { one: { steps: [{ id: db, uses: service.for-stage, with: { pid: db.pid } }] } }');

const releasesIn = (folder: Folder): readonly string[] => folder.lines('marks').filter((line) => line.startsWith('release'));

/** Ends the driver when the mark is there, so that nothing of it can say anything more. */
async function killedAt(folder: Folder, mark: string): Promise<void> {
  const run = folder.start(['run']);
  await folder.contains('marks', mark);
  run.child.kill('SIGKILL');
  await run.finished;
}

describe.concurrent('a started process', () => {
  test('a started process runs until the end of its stage, and is gone before the next one starts', async ({ folderWith, expect }) => {
    const folder = await folderWith(tested());
    const { code, stdout, stderr } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }, stderr).toEqual({
      code: 0,
      ends: { 'quality/db': 'succeeded', 'quality/tests': 'succeeded', 'quality/db:teardown': 'succeeded', 'deploy/up': 'succeeded' },
    });
    expect(folder.lines('marks')).toEqual(['start db.pid', 'tests', 'release db.pid: stage quality is over', 'up']);
    expect(eventsIn(stdout)).toContainEqual(expect.objectContaining({ type: 'attempt-ended', step: 'quality/db:teardown', verb: 'teardown', status: 'succeeded' }));
  });

  test('a teardown is shown in the plan, and in lines', async ({ folderWith, expect }) => {
    const folder = await folderWith(tested());
    expect((await folder.relpipe('plan')).stdout).toContain('quality/db (nothing to roll back; torn down at the end of its stage)');
    const { stdout } = await folder.relpipe('run');
    expect(stdout).toMatch(/quality\/db:teardown +✓ succeeded/);
    expect((await folder.relpipe('status')).stdout).toMatch(/✓ quality\/db:teardown/);
  });

  test('a started process is torn down when the stage fails, after its steps are rolled back', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      withPlugin(`
stages:
  one:
    steps:
      - { id: db, uses: service.for-stage, with: { pid: db.pid } }
      - { id: migrate, run: "true", rollback: [{ id: back, run: "kill -0 $(cat db.pid) && echo undone >> marks" }] }
      - { id: tests, run: "false" }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(3);
    expect(folder.lines('marks')).toEqual(['start db.pid', 'undone', 'release db.pid: stage one is over']);
    expect(folder.lines('db.pid')).toEqual([]);
  });

  test('a started process is torn down when the step itself failed half-way', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...tested(), 'fail-start': 'x' });
    expect((await folder.relpipe('run')).code).toBe(1);
    expect(folder.lines('marks').at(-1)).toBe('release db.pid: stage quality is over');
    expect(folder.lines('db.pid')).toEqual([]);
  });

  test('a teardown with nothing to tear down is not shown', async ({ folderWith, expect }) => {
    const folder = await folderWith(withPlugin('stages: { one: { steps: [{ id: bad, run: "false" }, { id: db, uses: service.for-stage, with: { pid: db.pid } }] } }'));
    expect((await folder.relpipe('run')).stdout).not.toContain('release');
  });

  test('a process for its step is torn down after the step, and a process for the run last of all', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      withPlugin(`
stages:
  one:
    steps:
      - { id: tunnel, uses: service.for-run, with: { pid: tunnel.pid } }
      - { id: scan, uses: service.for-step, with: { pid: scan.pid } }
      - { id: tell, run: "echo told >> marks" }
finally:
  - { id: last, run: "kill -0 $(cat tunnel.pid) && echo last >> marks" }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(0);
    expect(folder.lines('marks')).toEqual([
      'start tunnel.pid', 'start scan.pid', 'release scan.pid: the step has ended', 'told', 'last', 'release tunnel.pid: the run is over',
    ]);
  });

  test('a teardown that fails makes a success partial, and every report shows it', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...alone, 'fail-release': 'x' });
    const { code, stdout } = await folder.relpipe('run', '--report', 'report.html');
    expect({ code, releases: releasesIn(folder).length }, stdout).toEqual({ code: 5, releases: 3 });
    for (const text of ['SERVICE_STAYS: it does not go away', 'hint: Kill it by hand.', 'not torn down:', 'one/db: its teardown failed']) expect(stdout).toContain(text);
    expect((await folder.relpipe('status')).stdout).toContain('one/db: its teardown failed (it does not go away); Kill it by hand.');
    expect(folder.lines('report.html').join('\n')).toContain('what one/db started may still be running');
    process.kill(Number(folder.lines('db.pid')[0]), 'SIGKILL');
  });

  test('a teardown that succeeds at the second attempt is not reported as left running', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...alone, 'fail-release': 'x', 'node_modules/relpipe-plugin-service/index.js': plugin.replace('if (isThere(context, \'fail-release\'))', "if (isThere(context, 'fail-release') && !rmSync(join(context.workdir, 'fail-release')))") });
    const { code, stdout } = await folder.relpipe('run');
    expect({ code, releases: releasesIn(folder).length, pid: folder.lines('db.pid') }, stdout).toEqual({ code: 0, releases: 2, pid: [] });
    expect(stdout).not.toContain('not released');
  });

  test('a started process stays while its run is parked', async ({ folderWith, expect }) => {
    const folder = await folderWith(withPlugin(`stages: { one: { steps: [{ id: db, uses: service.for-stage, with: { pid: db.pid } }, { id: sure, approval: "Sure?" }] } }`));
    expect((await folder.relpipe('run', '--park-after', '0s')).code).toBe(75);
    process.kill(Number(folder.lines('db.pid')[0]), 0);
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('db.pid')).toEqual([]);
  });
});

describe.concurrent('after kill -9', () => {
  const once = 'test -e second || sleep 30';

  test('a resume after SIGKILL tears down what was started', async ({ folderWith, expect }) => {
    const folder = await folderWith(tested(once));
    await killedAt(folder, 'tests');
    process.kill(Number(folder.lines('db.pid')[0]), 0);
    await writeFile(join(folder.path, 'second'), 'x');
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('marks').slice(-2)).toEqual(['release db.pid: stage quality is over', 'up']);
    expect({ releases: releasesIn(folder).length, pid: folder.lines('db.pid') }).toEqual({ releases: 1, pid: [] });
  });

  test('a rollback after SIGKILL tears down what was started', async ({ folderWith, expect }) => {
    const folder = await folderWith(tested(once));
    await killedAt(folder, 'tests');
    const { code, stdout } = await folder.relpipe('rollback', '--reason', 'enough');
    expect({ code, releases: releasesIn(folder), pid: folder.lines('db.pid') }, stdout).toEqual({ code: 1, releases: ['release db.pid: stage quality is over'], pid: [] });
  });

  test('a teardown that SIGKILL interrupts is repeated', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...alone, slow: 'x' });
    await killedAt(folder, 'release');
    await rm(join(folder.path, 'slow'));
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, releases: releasesIn(folder).length, pid: folder.lines('db.pid') }, stdout).toEqual({ code: 0, releases: 2, pid: [] });
  });

  test('a teardown that a signal interrupts is repeated', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...alone, slow: 'x' });
    const run = folder.start(['run']);
    await folder.contains('marks', 'release');
    run.child.kill('SIGTERM');
    expect((await run.finished).code).toBe(143);
    await rm(join(folder.path, 'slow'));
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('db.pid')).toEqual([]);
  });
});
