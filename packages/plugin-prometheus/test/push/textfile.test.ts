import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../../../../test/support/scratch-folder.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { type Change, push, type PushConfig, type Pushed } from '../../src/push/push.ts';
import { rollbackPush } from '../../src/push/push.impl.ts';

const metrics: PushConfig['metrics'] = [
  { name: 'shop_release_info', value: 1, labels: { version: '1.2.0' }, help: 'What is live\nnow \\ today' },
  { name: 'shop_release_info', value: 0, labels: { version: '1.1.0', note: 'a "former" one' } },
  { name: 'shop_releases_total', value: 17, type: 'counter' },
];
const text = String.raw`# HELP shop_release_info What is live\nnow \\ today
# TYPE shop_release_info gauge
shop_release_info{note="a \"former\" one",version="1.1.0"} 0
shop_release_info{version="1.2.0"} 1
# TYPE shop_releases_total counter
shop_releases_total 17
`;

const contextIn = (workdir: string, given: Parameters<typeof virtualContext<Change, Pushed>>[0] = {}) => virtualContext<Change, Pushed>({ workdir, ...given });
const config: PushConfig = { textfile: 'shop.prom', metrics };

describe('a textfile', () => {
  test('holds the metrics in the text format, and nothing is left beside it', async () => {
    using folder = scratchFolder();
    const done = await push.run(config, contextIn(folder.path));
    expect(done).toEqual({ place: join(folder.path, 'shop.prom'), replaced: false });
    expect(readFileSync(join(folder.path, 'shop.prom'), 'utf8')).toBe(text);
    expect(readdirSync(folder.path)).toEqual(['shop.prom']);
  });

  test('that was new is removed by the way back, twice if need be', async () => {
    using folder = scratchFolder();
    const context = contextIn(folder.path);
    await push.run(config, context);
    const undo = contextIn(folder.path, { saved: context.states[0]! });
    await rollbackPush(config, undo);
    await rollbackPush(config, undo);
    expect(existsSync(join(folder.path, 'shop.prom'))).toBe(false);
  });

  test('that was there is put back, also when the first attempt died behind its effect', async () => {
    using folder = scratchFolder();
    const file = join(folder.path, 'shop.prom');
    writeFileSync(file, 'shop_release_info{version="1.0.0"} 1\n');
    const first = contextIn(folder.path);
    expect((await push.run(config, first)).replaced).toBe(true);
    const second = contextIn(folder.path, { attempt: 2, saved: first.states[0]! });
    await push.run(config, second);
    await rollbackPush(config, contextIn(folder.path, { saved: second.states.at(-1)! }));
    expect(readFileSync(file, 'utf8')).toBe('shop_release_info{version="1.0.0"} 1\n');
  });

  test('that somebody else has written since is left alone', async () => {
    using folder = scratchFolder();
    const context = contextIn(folder.path);
    await push.run(config, context);
    writeFileSync(join(folder.path, 'shop.prom'), 'theirs 1\n');
    await expect(rollbackPush(config, contextIn(folder.path, { saved: context.states[0]! }))).rejects.toMatchObject({ code: 'PROMETHEUS_METRICS_MOVED' });
  });

  test('is undone by nothing where nothing was saved', async () => {
    using folder = scratchFolder();
    writeFileSync(join(folder.path, 'shop.prom'), 'theirs 1\n');
    await rollbackPush(config, contextIn(folder.path));
    expect(existsSync(join(folder.path, 'shop.prom'))).toBe(true);
  });
});

describe('before the run', () => {
  const verify = async (given: Partial<PushConfig>, workdir = '.') => push.verify?.({ ...config, ...given }, contextIn(workdir));

  test('a folder that is not there is an error', async () => {
    expect(await verify({ textfile: '/nowhere/at/all/shop.prom' })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_TEXTFILE_UNUSABLE' }]);
  });

  test.each([
    ['two types of one name', [{ name: 'a', value: 1 }, { name: 'a', value: 2, labels: { b: 'c' }, type: 'counter' as const }], 'several types'],
    ['two helps of one name', [{ name: 'a', value: 1, help: 'x' }, { name: 'a', value: 2, labels: { b: 'c' }, help: 'y' }], 'several helps'],
    ['the same value twice', [{ name: 'a', value: 1, labels: { b: 'c' } }, { name: 'a', value: 2, labels: { b: 'c' } }], 'the same labels'],
  ])('%s is an error', async (_, given, why) => {
    using folder = scratchFolder();
    expect(await verify({ metrics: given }, folder.path)).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_METRICS_CLASH', message: expect.stringContaining(why) as string },
    ]);
  });
});
