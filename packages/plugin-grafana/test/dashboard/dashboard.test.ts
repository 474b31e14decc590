import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, onTestFinished, test } from 'vitest';
import { probe, rollback } from '../../src/dashboard/dashboard.impl.ts';
import { dashboard, type DashboardConfig, type DashboardOutputs, type DashboardState } from '../../src/dashboard/dashboard.ts';
import { startGrafana, token, type GrafanaStandIn } from '../support/grafana-stand-in.ts';

const shop = { uid: 'shop', title: 'Shop', id: 99, version: 12, schemaVersion: 39, panels: [{ id: 1, type: 'stat', title: 'Errors' }] };

interface Fixture {
  readonly grafana: GrafanaStandIn;
  readonly config: DashboardConfig;
  context(given?: Parameters<typeof virtualContext<DashboardState, DashboardOutputs>>[0]): ReturnType<typeof virtualContext<DashboardState, DashboardOutputs>>;
  writes(file: unknown): void;
}

/** A Grafana, and a folder with a dashboard in it. The test fails when a request was not as published. */
async function openFixture(): Promise<Fixture> {
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
    context: (given = {}) => virtualContext<DashboardState, DashboardOutputs>({ workdir: folder.path, ...given }),
  };
}

const titles = ({ grafana }: Fixture): unknown[] => grafana.history('shop').map((version) => version.dashboard['title']);

describe('grafana.dashboard', () => {
  test('the step creates a dashboard that does not exist, whatever id and version are in its file', async () => {
    const fixture = await openFixture();
    const put = await dashboard.run({ ...fixture.config, folder: 'team', message: 'for 1.2.0' }, fixture.context());
    expect(put).toEqual({ uid: 'shop', url: `${fixture.grafana.url}/d/shop/slug`, version: 1 });
    expect(fixture.grafana.history('shop')).toMatchObject([
      { folderUid: 'team', message: 'for 1.2.0 [relpipe run-1/stage/step/run]', dashboard: { title: 'Shop', panels: shop.panels } },
    ]);
  });

  test('the step saves a new version of an existing dashboard and leaves it in its folder', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop', 'team');
    expect(await dashboard.run(fixture.config, fixture.context())).toMatchObject({ version: 2 });
    expect(fixture.grafana.history('shop').at(-1)).toMatchObject({ folderUid: 'team', dashboard: { title: 'Shop' } });
  });

  test('the step fails rather than overwrite what somebody saved after it read the dashboard', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop');
    const context = fixture.context({ saveState: async () => fixture.grafana.save('shop', 'Theirs') });
    await expect(dashboard.run(fixture.config, context)).rejects.toMatchObject({ code: 'GRAFANA_DASHBOARD_CHANGED', retryable: false, changedByOthers: true });
    expect(titles(fixture)).toEqual(['Old shop', 'Theirs']);
  });

  test('a version whose response was lost is found by its mark and not saved twice', async () => {
    const fixture = await openFixture();
    const first = fixture.context();
    fixture.grafana.losesTheNextResponse();
    await expect(dashboard.run(fixture.config, first)).rejects.toMatchObject({ code: 'GRAFANA_UNREACHABLE', retryable: true });
    const saved = first.states[0]!;
    expect(await probe(fixture.config, fixture.context({ saved }))).toMatchObject({ found: 'done', output: { version: 1 } });
    expect(await dashboard.run(fixture.config, fixture.context({ saved, attempt: 2 }))).toMatchObject({ version: 1 });
    expect(titles(fixture)).toEqual(['Shop']);
  });

  test.each([true, false])('a lost attempt that saved nothing is not done, and a version of somebody else is a conflict (before Grafana 11: %s)', async (isOld) => {
    const fixture = await openFixture();
    fixture.grafana.isOld = isOld;
    fixture.grafana.save('shop', 'Old shop');
    const context = fixture.context({ saveState: () => Promise.reject(new Error('killed')) });
    await expect(dashboard.run(fixture.config, context)).rejects.toThrow('killed');
    const saved = { uid: 'shop', mark: '[relpipe run-1/stage/step/run]', previous: { dashboard: {}, folder: '', version: 1 } };
    expect(await probe(fixture.config, fixture.context())).toEqual({ found: 'not-done' });
    expect(await probe(fixture.config, fixture.context({ saved }))).toEqual({ found: 'not-done' });
    fixture.grafana.save('shop', 'Theirs');
    expect(await probe(fixture.config, fixture.context({ saved }))).toMatchObject({ found: 'conflict' });
  });
});

describe('the rollback of grafana.dashboard', () => {
  async function savedBy(fixture: Fixture): Promise<DashboardState> {
    const context = fixture.context();
    await dashboard.run(fixture.config, context);
    return context.states[0]!;
  }

  test('a rollback deletes a new dashboard, and may be called twice', async () => {
    const fixture = await openFixture();
    const saved = await savedBy(fixture);
    await rollback(fixture.config, fixture.context({ saved }));
    await rollback(fixture.config, fixture.context({ saved }));
    expect(fixture.grafana.history('shop')).toEqual([]);
  });

  test('a rollback saves the previous dashboard as the newest version, once, in its folder', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop', 'team');
    const saved = await savedBy({ ...fixture, config: { ...fixture.config, folder: 'other' } });
    fixture.grafana.losesTheNextResponse();
    await expect(rollback(fixture.config, fixture.context({ saved }))).rejects.toMatchObject({ code: 'GRAFANA_UNREACHABLE' });
    await rollback(fixture.config, fixture.context({ saved }));
    expect(titles(fixture)).toEqual(['Old shop', 'Shop', 'Old shop']);
    expect(fixture.grafana.history('shop').at(-1)).toMatchObject({ folderUid: 'team', version: 3 });
  });

  test('a rollback keeps what somebody saved since, and fails', async () => {
    const fixture = await openFixture();
    const saved = await savedBy(fixture);
    fixture.grafana.save('shop', 'Theirs');
    await expect(rollback(fixture.config, fixture.context({ saved }))).rejects.toMatchObject({ code: 'GRAFANA_DASHBOARD_CHANGED', changedByOthers: true });
    expect(titles(fixture)).toEqual(['Shop', 'Theirs']);
  });

  test('a rollback restores the previous dashboard over what somebody saved since when a person has decided so, once', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop', 'team');
    const saved = await savedBy(fixture);
    fixture.grafana.save('shop', 'Theirs');
    await rollback(fixture.config, fixture.context({ saved, overwrite: true }));
    await rollback(fixture.config, fixture.context({ saved, overwrite: true }));
    expect(titles(fixture)).toEqual(['Old shop', 'Shop', 'Theirs', 'Old shop']);
    expect(fixture.grafana.history('shop').at(-1)).toMatchObject({ folderUid: 'team' });
  });

  test('a rollback deletes a new dashboard that somebody saved since when a person has decided so', async () => {
    const fixture = await openFixture();
    const saved = await savedBy(fixture);
    fixture.grafana.save('shop', 'Theirs');
    await rollback(fixture.config, fixture.context({ saved, overwrite: true }));
    expect(titles(fixture)).toEqual([]);
  });

  test('a rollback has nothing to do where somebody has already restored the previous dashboard', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop', 'team');
    const saved = await savedBy(fixture);
    fixture.grafana.save('shop', 'Old shop', 'team');
    await rollback(fixture.config, fixture.context({ saved }));
    expect(titles(fixture)).toEqual(['Old shop', 'Shop', 'Old shop']);
  });

  test('a rollback creates a dashboard that somebody deleted since only when a person has decided so', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop', 'team');
    const saved = await savedBy(fixture);
    fixture.grafana.remove('shop');
    await expect(rollback(fixture.config, fixture.context({ saved }))).rejects.toMatchObject({ code: 'GRAFANA_DASHBOARD_CHANGED', changedByOthers: true });
    expect(titles(fixture)).toEqual([]);
    for (let i = 0; i < 2; i += 1) await rollback(fixture.config, fixture.context({ saved, overwrite: true }));
    expect(fixture.grafana.history('shop')).toMatchObject([{ dashboard: { title: 'Old shop' }, folderUid: 'team' }]);
  });

  test('a rollback does nothing where the step saved nothing', async () => {
    const fixture = await openFixture();
    fixture.grafana.save('shop', 'Old shop');
    await rollback(fixture.config, fixture.context());
    await rollback(fixture.config, fixture.context({ saved: { uid: 'shop', mark: '[relpipe other]', previous: { dashboard: {}, folder: '', version: 1 } } }));
    expect(titles(fixture)).toEqual(['Old shop']);
  });
});

describe('grafana.dashboard before the run', () => {
  const verify = async (fixture: Fixture, more: Partial<DashboardConfig> = {}) => dashboard.verify?.({ ...fixture.config, ...more }, fixture.context());

  test('a dashboard that can be saved has no findings, and the preview names its versions', async () => {
    const fixture = await openFixture();
    expect(await verify(fixture)).toEqual([]);
    expect(await dashboard.preview?.(fixture.config, fixture.context())).toMatchObject({ rollback: 'deletes it' });
    fixture.grafana.save('shop', 'Old shop');
    expect(await dashboard.preview?.(fixture.config, fixture.context())).toMatchObject({ from: 'version 1', to: 'version 2' });
  });

  test.each([
    ['a file that is not JSON', '{', 'GRAFANA_DASHBOARD_UNREADABLE'],
    ['a dashboard without a uid', { title: 'Shop' }, 'GRAFANA_DASHBOARD_UNREADABLE'],
    ['an export for sharing', { ...shop, __inputs: [] }, 'GRAFANA_DASHBOARD_FOR_SHARING'],
  ])('%s is an error', async (_, file, code) => {
    const fixture = await openFixture();
    fixture.writes(file);
    expect(await verify(fixture)).toMatchObject([{ level: 'error', code }]);
  });

  test('the token may also be sent as a header that is a secret, e.g. where a proxy expects another one', async () => {
    const fixture = await openFixture();
    const { server, file } = fixture.config;
    const withHeader = { server, file, headers: { Authorization: secretOf(`Bearer ${token}`) } };
    expect(await dashboard.run(withHeader, fixture.context())).toMatchObject({ version: 1 });
  });

  test('a provisioned dashboard, a wrong token and a wrong server are errors, an overloaded server is a warning', async () => {
    const fixture = await openFixture();
    expect(await verify(fixture, { token: secretOf('wrong') })).toMatchObject([{ level: 'error', code: 'GRAFANA_REFUSED', hint: expect.stringContaining('service account') as string }]);
    fixture.grafana.fails(1, 503);
    expect(await verify(fixture)).toMatchObject([{ level: 'warning', code: 'GRAFANA_REFUSED' }]);
    fixture.grafana.fails(1, 404);
    expect(await verify(fixture)).toMatchObject([{ level: 'error', code: 'GRAFANA_REFUSED' }]);
    fixture.grafana.save('shop', 'Old shop');
    fixture.grafana.provisioned.add('shop');
    expect(await verify(fixture)).toMatchObject([{ level: 'error', code: 'GRAFANA_DASHBOARD_PROVISIONED' }]);
  });
});
