import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { relpipeIn, type RelpipeInFolder } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, onTestFinished, test } from 'vitest';
import { ask, type ScrapedTarget, startScrapedTarget } from '../support/real-prometheus.ts';

const own = join(import.meta.dirname, '../..');
const servers = { ...needing('prometheus', 'alertmanager', 'pushgateway'), timeout: 120_000 };

interface Shop {
  readonly service: string;
  readonly target: ScrapedTarget;
  readonly relpipe: RelpipeInFolder;
  /** Releases a version, and watches it for this long. */
  release(version: string, watch: string): ReturnType<RelpipeInFolder>;
}

/** A service with the pipeline of the README. Whatever it leaves on the shared servers is removed at the end of the test. */
async function openShop(): Promise<Shop> {
  const service = `relpipe_${randomBytes(4).toString('hex')}`;
  const [prometheus, alertmanager, pushgateway] = [givenServer('prometheus'), givenServer('alertmanager'), givenServer('pushgateway')];
  const folder = scratchFolder();
  const target = await startScrapedTarget(healthy(service));
  // Each shop has a pipeline name of its own, to tell its runs from those of others.
  const pipeline = pipelineOfReadme(join(own, 'README.md'), 0, { 'name: shop\ndesc': `name: ${service}\ndesc` });
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline });
  onTestFinished(async () => {
    await target[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
    await removeGroups(pushgateway.url, service);
  });
  const inputs = { service, prometheus: prometheus.url, alertmanager: alertmanager.url, pushgateway: pushgateway.url, rules: prometheus.settings['rules'] ?? '' };
  const given = (all: object): string[] => Object.entries(all).flatMap(([name, value]) => ['--input', `${name}=${String(value)}`]);
  return { service, target, relpipe, release: (version, watch) => relpipe('run', ...given({ ...inputs, version, watch })) };
}

const healthy = (service: string, failing = 0): string =>
  `shop_failing_checks{service="${service}"} ${failing}\n# TYPE shop_errors_total counter\nshop_errors_total{service="${service}"} 0\n`;

async function removeGroups(url: string, service: string): Promise<void> {
  const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as { data: { labels: Record<string, string> }[] };
  for (const { labels } of data.filter(({ labels: { pipeline: name, service: of } }) => name === service || of === service)) {
    const { job = '', ...others } = labels;
    await fetch(`${url}/metrics/job/${job}${Object.entries(others).map(([label, value]) => `/${label}/${value}`).join('')}`, { method: 'DELETE' });
  }
}

/** What the servers hold for a service. */
async function traces(service: string): Promise<unknown> {
  const rules = (await (await fetch(`${givenServer('prometheus').url}/api/v1/rules`)).text()).includes(service);
  const silences = (await (await fetch(`${givenServer('alertmanager').url}/api/v2/silences`)).json()) as { createdBy: string; status: { state: string } }[];
  const live = (await (await fetch(`${givenServer('pushgateway').url}/metrics`)).text()).split('\n').filter((line) => line.startsWith('shop_release_info') && line.includes(service));
  return { rules, silences: silences.filter(({ createdBy }) => createdBy.includes(service)).map(({ status }) => status.state), live: live.map((line) => /version="([^"]+)"/.exec(line)?.[1]) };
}

const queriesOfDashboard = (): string[] => {
  const { panels } = JSON.parse(readFileSync(join(own, 'dashboards/relpipe.json'), 'utf8')) as { panels: { targets: { expr: string }[] }[] };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
};

test('the pipeline of the README releases a good version, rolls a bad one back, and Prometheus has metrics of both', servers, async () => {
  const shop = await openShop();
  const good = await shop.release('1.0.0', '3s');
  expect(good.exitCode, good.all).toBe(0);
  expect(shop.relpipe.read('live')).toBe('1.0.0\n');
  expect(await traces(shop.service)).toEqual({ rules: false, silences: ['expired'], live: ['1.0.0'] });

  const running = shop.release('1.1.0', '1h');
  await waitUntil(async () => ((await traces(shop.service)) as { live: string[] }).live.includes('1.1.0'));
  await shop.target.shows(healthy(shop.service, 3));
  const bad = await running;
  expect(bad.exitCode, bad.all).toBe(3);
  expect(bad.all).toContain('gate health: fail');
  expect(shop.relpipe.read('live')).toBe('1.0.0\n');
  expect(await traces(shop.service)).toEqual({ rules: false, silences: ['expired', 'expired'], live: ['1.0.0'] });

  const outcomes = `sum by (outcome) (last_over_time(relpipe_run_outcome{pipeline="${shop.service}",outcome!~"running|parked|paused|interrupted"}[1h])) > 0`;
  await waitUntil(async () => (await ask(outcomes)).length === 2);
  expect(Object.fromEntries((await ask(outcomes)).map(({ metric, value }) => [metric['outcome'], value[1]]))).toEqual({ succeeded: '1', 'rolled-back': '1' });
  for (const query of queriesOfDashboard()) {
    const found = await ask(query.replaceAll('$pipeline', shop.service).replaceAll('$__range', '1h'));
    // These runs have no weights.
    const isEmpty = query.includes('relpipe_weight_percent');
    expect({ query, isThere: found.length > 0 }).toEqual({ query, isThere: !isEmpty });
  }
});

test('a release whose process was killed is rolled back completely by another process', servers, async () => {
  const shop = await openShop();
  const running = shop.release('1.0.0', '1h');
  await waitUntil(async () => ((await traces(shop.service)) as { live: string[] }).live.includes('1.0.0'));
  running.child.kill('SIGKILL');
  await running;
  expect(await traces(shop.service)).toEqual({ rules: true, silences: ['active'], live: ['1.0.0'] });

  const rolledBack = await shop.relpipe('rollback', '--reason', 'the machine is gone');
  expect(rolledBack.exitCode, rolledBack.all).toBe(3);
  expect(shop.relpipe.read('live')).toBe('none\n');
  expect(await traces(shop.service)).toEqual({ rules: false, silences: ['expired'], live: [] });
});
