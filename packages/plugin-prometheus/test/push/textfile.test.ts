import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { rollback } from '../../src/push/push.impl.ts';
import { push, type PushConfig, type PushOutputs, type PushState } from '../../src/push/push.ts';

const metrics: PushConfig['metrics'] = [
  { name: 'shop_release_info', value: 1, labels: { version: '1.2.0' }, help: 'What is live\nnow \\ today' },
  { name: 'shop_release_info', value: 0, labels: { version: '1.1.0', note: 'a "previous" one' } },
  { name: 'shop_releases_total', value: 17, type: 'counter' },
];
const text = String.raw`# HELP shop_release_info What is live\nnow \\ today
# TYPE shop_release_info gauge
shop_release_info{note="a \"previous\" one",version="1.1.0"} 0
shop_release_info{version="1.2.0"} 1
# TYPE shop_releases_total counter
shop_releases_total 17
`;

const contextIn = (workdir: string, given: Parameters<typeof virtualContext<PushState, PushOutputs>>[0] = {}) => virtualContext<PushState, PushOutputs>({ workdir, ...given });
const config: PushConfig = { textfile: 'shop.prom', metrics };

describe('prometheus.push with a textfile', () => {
  test('the step writes the metrics in the text format and leaves no other file', async () => {
    using folder = scratchFolder();
    const done = await push.run(config, contextIn(folder.path));
    expect(done).toEqual({ place: join(folder.path, 'shop.prom'), replaced: false });
    expect(readFileSync(join(folder.path, 'shop.prom'), 'utf8')).toBe(text);
    expect(readdirSync(folder.path)).toEqual(['shop.prom']);
  });

  test('a rollback removes a new file, and may be called twice', async () => {
    using folder = scratchFolder();
    const context = contextIn(folder.path);
    await push.run(config, context);
    const after = contextIn(folder.path, { saved: context.states[0]! });
    await rollback(config, after);
    await rollback(config, after);
    expect(existsSync(join(folder.path, 'shop.prom'))).toBe(false);
  });

  test('a rollback restores the previous file, also when the first attempt died after writing', async () => {
    using folder = scratchFolder();
    const file = join(folder.path, 'shop.prom');
    writeFileSync(file, 'shop_release_info{version="1.0.0"} 1\n');
    const first = contextIn(folder.path);
    expect((await push.run(config, first)).replaced).toBe(true);
    const second = contextIn(folder.path, { attempt: 2, saved: first.states[0]! });
    await push.run(config, second);
    await rollback(config, contextIn(folder.path, { saved: second.states.at(-1)! }));
    expect(readFileSync(file, 'utf8')).toBe('shop_release_info{version="1.0.0"} 1\n');
  });

  test('a rollback keeps what somebody else wrote since, and fails', async () => {
    using folder = scratchFolder();
    const context = contextIn(folder.path);
    await push.run(config, context);
    writeFileSync(join(folder.path, 'shop.prom'), 'theirs 1\n');
    await expect(rollback(config, contextIn(folder.path, { saved: context.states[0]! }))).rejects.toMatchObject({
      code: 'PROMETHEUS_METRICS_CHANGED',
      changedByOthers: true,
    });
    expect(readFileSync(join(folder.path, 'shop.prom'), 'utf8')).toBe('theirs 1\n');
  });

  test('a rollback restores the previous file over what somebody else wrote since when a person has decided so', async () => {
    using folder = scratchFolder();
    const file = join(folder.path, 'shop.prom');
    writeFileSync(file, 'before 1\n');
    const context = contextIn(folder.path);
    await push.run(config, context);
    writeFileSync(file, 'theirs 1\n');
    await rollback(config, contextIn(folder.path, { saved: context.states[0]!, overwrite: true }));
    expect(readFileSync(file, 'utf8')).toBe('before 1\n');
  });

  test('a second attempt does not replace what somebody else wrote after the first one', async () => {
    using folder = scratchFolder();
    const first = contextIn(folder.path);
    await push.run(config, first);
    writeFileSync(join(folder.path, 'shop.prom'), 'theirs 1\n');
    const second = contextIn(folder.path, { attempt: 2, saved: first.states[0]! });
    await expect(push.run(config, second)).rejects.toMatchObject({ code: 'PROMETHEUS_METRICS_CHANGED', changedByOthers: true });
    expect(readFileSync(join(folder.path, 'shop.prom'), 'utf8')).toBe('theirs 1\n');
  });

  test('a rollback does nothing where the step saved nothing', async () => {
    using folder = scratchFolder();
    writeFileSync(join(folder.path, 'shop.prom'), 'theirs 1\n');
    await rollback(config, contextIn(folder.path));
    expect(existsSync(join(folder.path, 'shop.prom'))).toBe(true);
  });
});

describe('prometheus.push before the run', () => {
  const verify = async (given: Partial<PushConfig>, workdir = '.') => push.verify?.({ ...config, ...given }, contextIn(workdir));

  test('a folder that does not exist is an error', async () => {
    expect(await verify({ textfile: '/nowhere/at/all/shop.prom' })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_TEXTFILE_UNUSABLE' }]);
  });

  test.each([
    ['two types of one name', [{ name: 'a', value: 1 }, { name: 'a', value: 2, labels: { b: 'c' }, type: 'counter' as const }], 'several types'],
    ['two help texts of one name', [{ name: 'a', value: 1, help: 'x' }, { name: 'a', value: 2, labels: { b: 'c' }, help: 'y' }], 'several help texts'],
    ['the same value twice', [{ name: 'a', value: 1, labels: { b: 'c' } }, { name: 'a', value: 2, labels: { b: 'c' } }], 'the same labels'],
  ])('%s is an error', async (_, given, why) => {
    using folder = scratchFolder();
    expect(await verify({ metrics: given }, folder.path)).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_METRICS_INCONSISTENT', message: expect.stringContaining(why) as string },
    ]);
  });
});
