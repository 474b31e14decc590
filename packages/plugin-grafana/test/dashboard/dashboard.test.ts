import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../../../../test/support/scratch-folder.ts';
import { secretOf, virtualContext } from '../../../../test/support/virtual-context.ts';
import type { DashboardChange, DashboardConfig, DashboardPut } from '../../src/dashboard/dashboard-config.ts';
import { dashboard } from '../../src/dashboard/dashboard.ts';
import { probeDashboard } from '../../src/dashboard/probe-dashboard.ts';
import { rollbackDashboard } from '../../src/dashboard/rollback-dashboard.ts';
import { startGrafana, token, type GrafanaStandIn } from '../support/grafana-stand-in.ts';

const shop = { uid: 'shop', title: 'Shop', id: 99, version: 12, schemaVersion: 39, panels: [{ id: 1, type: 'stat', title: 'Errors' }] };

interface World {
  readonly grafana: GrafanaStandIn;
  readonly config: DashboardConfig;
  context(given?: Parameters<typeof virtualContext<DashboardChange, DashboardPut>>[0]): ReturnType<typeof virtualContext<DashboardChange, DashboardPut>>;
  writes(file: unknown): void;
}

/** A Grafana, and a folder with a dashboard in it. Every request has been as published when the test ends. */
async function openWorld(): Promise<World> {
  const [grafana, folder] = [await startGrafana(), scratchFolder()];
  onTestFinished(async () => {
    expect(grafana.wrong).toEqual([]);
    await grafana[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const writes = (file: unknown): void => writeFileSync(join(folder.path, 'shop.json'), typeof file === 'string' ? file : JSON.stringify(file));
  writes(shop);
  return {
    grafana,
    writes,
    config: { server: `${grafana.url}/`, file: 'shop.json', token: secretOf(token) },
    context: (given = {}) => virtualContext<DashboardChange, DashboardPut>({ workdir: folder.path, ...given }),
  };
}

const titles = ({ grafana }: World): unknown[] => grafana.history('shop').map((version) => version.dashboard['title']);

describe('grafana.dashboard', () => {
  test('puts up a dashboard that was not there, whatever id and version its file had', async () => {
    const world = await openWorld();
    const put = await dashboard.run({ ...world.config, folder: 'team', message: 'for 1.2.0' }, world.context());
    expect(put).toEqual({ uid: 'shop', url: `${world.grafana.url}/d/shop/slug`, version: 1 });
    expect(world.grafana.history('shop')).toMatchObject([
      { folderUid: 'team', message: 'for 1.2.0 [relpipe run-1/stage/step/run]', dashboard: { title: 'Shop', panels: shop.panels } },
    ]);
  });

  test('makes a new version of one that was there, and leaves it in its folder', async () => {
    const world = await openWorld();
    world.grafana.save('shop', 'Old shop', 'team');
    expect(await dashboard.run(world.config, world.context())).toMatchObject({ version: 2 });
    expect(world.grafana.history('shop').at(-1)).toMatchObject({ folderUid: 'team', dashboard: { title: 'Shop' } });
  });

  test('refuses to save over what somebody has saved meanwhile', async () => {
    const world = await openWorld();
    world.grafana.save('shop', 'Old shop');
    const context = world.context({ saveState: async () => world.grafana.save('shop', 'Theirs') });
    await expect(dashboard.run(world.config, context)).rejects.toMatchObject({ code: 'GRAFANA_DASHBOARD_MOVED', retryable: false });
    expect(titles(world)).toEqual(['Old shop', 'Theirs']);
  });

  test('whose answer was lost is found by its mark, and not put up twice', async () => {
    const world = await openWorld();
    const first = world.context();
    world.grafana.losesTheNextAnswer();
    await expect(dashboard.run(world.config, first)).rejects.toMatchObject({ code: 'GRAFANA_UNREACHABLE', retryable: true });
    const saved = first.states[0]!;
    expect(await probeDashboard(world.config, world.context({ saved }))).toMatchObject({ found: 'done', output: { version: 1 } });
    expect(await dashboard.run(world.config, world.context({ saved, attempt: 2 }))).toMatchObject({ version: 1 });
    expect(titles(world)).toEqual(['Shop']);
  });

  test.each([true, false])('is probed the same in an old Grafana: %s', async (isOld) => {
    const world = await openWorld();
    world.grafana.isOld = isOld;
    world.grafana.save('shop', 'Old shop');
    const context = world.context({ saveState: () => Promise.reject(new Error('killed')) });
    await expect(dashboard.run(world.config, context)).rejects.toThrow('killed');
    const saved = { uid: 'shop', mark: '[relpipe run-1/stage/step/run]', former: { dashboard: {}, folder: '', version: 1 } };
    expect(await probeDashboard(world.config, world.context())).toEqual({ found: 'not-done' });
    expect(await probeDashboard(world.config, world.context({ saved }))).toEqual({ found: 'not-done' });
    world.grafana.save('shop', 'Theirs');
    expect(await probeDashboard(world.config, world.context({ saved }))).toMatchObject({ found: 'conflict' });
  });
});

describe('the way back', () => {
  async function putUp(world: World): Promise<DashboardChange> {
    const context = world.context();
    await dashboard.run(world.config, context);
    return context.states[0]!;
  }

  test('deletes a dashboard that was new, twice if need be', async () => {
    const world = await openWorld();
    const saved = await putUp(world);
    await rollbackDashboard(world.config, world.context({ saved }));
    await rollbackDashboard(world.config, world.context({ saved }));
    expect(world.grafana.history('shop')).toEqual([]);
  });

  test('saves the former one as the newest version, once, in its folder', async () => {
    const world = await openWorld();
    world.grafana.save('shop', 'Old shop', 'team');
    const saved = await putUp({ ...world, config: { ...world.config, folder: 'other' } });
    world.grafana.losesTheNextAnswer();
    await expect(rollbackDashboard(world.config, world.context({ saved }))).rejects.toMatchObject({ code: 'GRAFANA_UNREACHABLE' });
    await rollbackDashboard(world.config, world.context({ saved }));
    expect(titles(world)).toEqual(['Old shop', 'Shop', 'Old shop']);
    expect(world.grafana.history('shop').at(-1)).toMatchObject({ folderUid: 'team', version: 3 });
  });

  test('leaves alone what somebody has saved since', async () => {
    const world = await openWorld();
    const saved = await putUp(world);
    world.grafana.save('shop', 'Theirs');
    await expect(rollbackDashboard(world.config, world.context({ saved }))).rejects.toMatchObject({ code: 'GRAFANA_DASHBOARD_MOVED' });
    expect(titles(world)).toEqual(['Shop', 'Theirs']);
  });

  test('does nothing where nothing was saved, or where the save was never heard', async () => {
    const world = await openWorld();
    world.grafana.save('shop', 'Old shop');
    await rollbackDashboard(world.config, world.context());
    await rollbackDashboard(world.config, world.context({ saved: { uid: 'shop', mark: '[relpipe other]', former: { dashboard: {}, folder: '', version: 1 } } }));
    expect(titles(world)).toEqual(['Old shop']);
  });
});

describe('before the run', () => {
  const verify = async (world: World, more: Partial<DashboardConfig> = {}) => dashboard.verify?.({ ...world.config, ...more }, world.context());

  test('a dashboard that can be put up has no findings, and the preview says what becomes of it', async () => {
    const world = await openWorld();
    expect(await verify(world)).toEqual([]);
    expect(await dashboard.preview?.(world.config, world.context())).toMatchObject({ rollback: 'deletes it' });
    world.grafana.save('shop', 'Old shop');
    expect(await dashboard.preview?.(world.config, world.context())).toMatchObject({ from: 'version 1', to: 'version 2' });
  });

  test.each([
    ['no JSON', '{', 'GRAFANA_DASHBOARD_UNREADABLE'],
    ['no uid', { title: 'Shop' }, 'GRAFANA_DASHBOARD_UNREADABLE'],
    ['an export for sharing', { ...shop, __inputs: [] }, 'GRAFANA_DASHBOARD_FOR_SHARING'],
  ])('%s is an error', async (_, file, code) => {
    const world = await openWorld();
    world.writes(file);
    expect(await verify(world)).toMatchObject([{ level: 'error', code }]);
  });

  test('a provisioned dashboard, a wrong token and a wrong place are errors, a server in trouble is a warning', async () => {
    const world = await openWorld();
    expect(await verify(world, { token: secretOf('wrong') })).toMatchObject([{ level: 'error', code: 'GRAFANA_REFUSED', hint: expect.stringContaining('service account') as string }]);
    world.grafana.fails(1, 503);
    expect(await verify(world)).toMatchObject([{ level: 'warning', code: 'GRAFANA_REFUSED' }]);
    world.grafana.fails(1, 404);
    expect(await verify(world)).toMatchObject([{ level: 'error', code: 'GRAFANA_REFUSED' }]);
    world.grafana.save('shop', 'Old shop');
    world.grafana.provisioned.add('shop');
    expect(await verify(world)).toMatchObject([{ level: 'error', code: 'GRAFANA_DASHBOARD_PROVISIONED' }]);
  });
});
