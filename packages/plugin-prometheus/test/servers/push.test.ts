import { randomBytes } from 'node:crypto';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { waitUntil } from '@relpipe/testing/wait-until';
import { describe, test, onTestFinished } from 'vitest';
import { rollback } from '../../src/push/push.impl.ts';
import { push, type PushConfig, type PushOutputs, type PushState } from '../../src/push/push.ts';
import { loseResponsesOf } from '../support/losing-proxy.ts';
import { ask } from '../support/real-prometheus.ts';

const needsServer = needing('pushgateway');
const contextOf = (given: Parameters<typeof virtualContext<PushState, PushOutputs>>[0] = {}) => virtualContext<PushState, PushOutputs>(given);

/** A group of its own, removed at the end of the test. */
function configOf(grouping: Record<string, string> = {}, onEnd = onTestFinished): PushConfig {
  const job = `relpipe_${randomBytes(4).toString('hex')}`;
  const config = { pushgateway: givenServer('pushgateway').url, job, grouping, metrics: [{ name: `${job}_info`, value: 1, labels: { version: '1.2.0' }, help: 'Is "live"' }] };
  onEnd(async () => {
    for (const path of await groupsOf(job)) await fetch(path, { method: 'DELETE' });
  });
  return config;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64url') || '=';

/** The URLs of all groups of a job in the Pushgateway. */
async function groupsOf(job: string): Promise<string[]> {
  const { url } = givenServer('pushgateway');
  const { data } = (await (await fetch(`${url}/api/v1/metrics`)).json()) as { data: { labels: Record<string, string> }[] };
  return data.flatMap(({ labels }) => {
    const { job: name = '', ...rest } = labels;
    const others = Object.entries(rest).map(([label, value]) => `/${label}@base64/${base64(value)}`);
    return name === job ? [`${url}/metrics/job/${name}${others.join('')}`] : [];
  });
}

const shown = async (job = ''): Promise<string[]> =>
  (await (await fetch(`${givenServer('pushgateway').url}/metrics`)).text()).split('\n').filter((line) => line.startsWith(job)).toSorted();

describe.concurrent('prometheus.push with a Pushgateway', () => {
  test('a pushed group has its labels, and Prometheus finds its metrics', needing('pushgateway', 'prometheus'), async ({ expect, onTestFinished }) => {
    const config = configOf({ service: 'shop', path: '/a b/ü', dot: '..' }, onTestFinished);
    await push.run(config, contextOf());
    await waitUntil(async () => (await ask(`${config.job}_info`)).length > 0);
    expect(await ask(`${config.job}_info`)).toMatchObject([
      { metric: { job: config.job, service: 'shop', path: '/a b/ü', dot: '..', version: '1.2.0' }, value: [expect.any(Number), '1'] },
    ]);
  });

  test('a rollback removes a new group, and may be called twice', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({ service: 'a/b' }, onTestFinished);
    const context = contextOf();
    expect(await push.run(config, context)).toMatchObject({ replaced: false });
    expect(await groupsOf(config.job ?? '')).toHaveLength(1);
    const after = contextOf({ saved: context.states[0]! });
    await rollback(config, after);
    await rollback(config, after);
    expect(await groupsOf(config.job ?? '')).toEqual([]);
  });

  test('a rollback restores the previous group, whatever types of metrics it had', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({ service: 'shop' }, onTestFinished);
    const { job = '' } = config;
    const previous = `# HELP ${job}_seconds Of one \\\\ request\n# TYPE ${job}_seconds histogram\n${job}_seconds_bucket{le="0.5"} 2\n${job}_seconds_bucket{le="+Inf"} 3\n${job}_seconds_sum 4.25\n${job}_seconds_count 3\n`
      + `# TYPE ${job}_size summary\n${job}_size{quantile="0.5"} 1e+09\n${job}_size_sum 3\n${job}_size_count 2\n${job}_plain{a="\\"b\\"",instance="own"} NaN\n`;
    await fetch(`${config.pushgateway ?? ''}/metrics/job/${job}/service/shop`, { method: 'PUT', body: previous });
    const before = await shown(job);

    const context = contextOf();
    expect(await push.run(config, context)).toMatchObject({ replaced: true });
    expect(await shown(job)).toHaveLength(1);
    await rollback(config, contextOf({ saved: context.states[0]! }));
    expect(await shown(job)).toEqual(before);
    expect(before).toHaveLength(8);
  });

  test('a push whose response was lost is not taken for the previous group by the next attempt', needsServer, async ({ expect, onTestFinished }) => {
    const real = configOf({}, onTestFinished);
    const { job = '' } = real;
    await using proxy = await loseResponsesOf(real.pushgateway ?? '');
    const config = { ...real, pushgateway: proxy.url };
    await fetch(`${proxy.url}/metrics/job/${job}`, { method: 'PUT', body: `${job}_info{version="1.1.0"} 1\n` });
    proxy.losesTheNextResponse();
    const first = contextOf();
    await expect(push.run(config, first)).rejects.toMatchObject({ code: 'PROMETHEUS_UNREACHABLE', retryable: true });
    const second = contextOf({ saved: first.states[0]!, attempt: 2 });
    expect(await push.run(config, second)).toMatchObject({ replaced: true });
    await rollback(config, contextOf({ saved: second.states.at(-1)! }));
    expect(await shown(job)).toEqual([expect.stringContaining('version="1.1.0"')]);
  });

  test('a rollback keeps what somebody else pushed since, and fails', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({}, onTestFinished);
    const context = contextOf();
    await push.run(config, context);
    await push.run({ ...config, metrics: [{ name: `${config.job ?? ''}_info`, value: 2 }] }, contextOf());
    await expect(rollback(config, contextOf({ saved: context.states[0]! }))).rejects.toMatchObject({ code: 'PROMETHEUS_METRICS_CHANGED', changedByOthers: true });
    expect(await shown(config.job)).toHaveLength(1);
  });

  test('a rollback leaves alone groups that have the same labels and more', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({}, onTestFinished);
    const more = { ...config, grouping: { run: '7' } };
    const context = contextOf();
    await push.run(config, context);
    await push.run(more, contextOf());
    await rollback(config, contextOf({ saved: context.states[0]! }));
    expect(await groupsOf(config.job ?? '')).toHaveLength(1);
  });

  test('metrics that are inconsistent with other groups are refused with the message of the server', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({}, onTestFinished);
    await push.run(config, contextOf());
    const other = { ...config, grouping: { run: '8' }, metrics: [{ name: `${config.job ?? ''}_info`, value: 1, type: 'counter' as const }] };
    await expect(push.run(other, contextOf())).rejects.toMatchObject({ code: 'PROMETHEUS_PUSH_REFUSED', retryable: false });
  });

  test('the group is read before the run, and the preview says how it is rolled back', needsServer, async ({ expect, onTestFinished }) => {
    const config = configOf({ service: 'shop' }, onTestFinished);
    expect(await push.verify?.(config, contextOf())).toEqual([]);
    expect(await push.verify?.({ ...config, pushgateway: givenServer('alertmanager').url }, contextOf())).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_PUSH_REFUSED' },
    ]);
    expect(await push.preview?.(config, contextOf())).toMatchObject({ rollback: 'removes it' });
    await push.run(config, contextOf());
    expect(await push.preview?.(config, contextOf())).toMatchObject({ rollback: 'restores the previous metrics' });
  });
});
