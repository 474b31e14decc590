import { randomBytes } from 'node:crypto';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, onTestFinished, test } from 'vitest';
import { releaseMetrics } from '../../src/release-metrics/release-metrics.ts';
import { eventsOf, over, rolledBack, started } from '../release-metrics/events.ts';

/** What the Pushgateway shows of a job. */
async function shown(job: string): Promise<string[]> {
  const text = await (await fetch(`${givenServer('pushgateway').url}/metrics`)).text();
  return text.split('\n').filter((line) => line.includes(`job="${job}"`) && line.startsWith('relpipe_'));
}

test('a Pushgateway holds one group for each run, however often it is reported, and the newest runs are kept', needing('pushgateway'), async () => {
  const { url } = givenServer('pushgateway');
  const job = `relpipe_${randomBytes(4).toString('hex')}`;
  const runs = ['20270101-0000-aaaa', '20270102-0000-bbbb', '20270103-0000-cccc'];
  onTestFinished(async () => {
    const pipeline = Buffer.from('shop "north"').toString('base64url');
    for (const run of runs) await fetch(`${url}/metrics/job/${job}/pipeline@base64/${pipeline}/run/${run}`, { method: 'DELETE' });
  });
  const report = (run: string, ...happened: readonly (typeof rolledBack)[number][]) =>
    releaseMetrics.update({ pushgateway: url, job, keep: 2 }, eventsOf(run, ...happened), virtualContext());

  await report(runs[0]!, ...rolledBack);
  const once = await shown(job);
  await report(runs[0]!, ...rolledBack);
  expect(await shown(job)).toEqual(once);
  expect(once).toContain(`relpipe_recovery_duration_seconds{instance="",job="${job}",pipeline="shop \\"north\\"",run="${runs[0]!}"} 10`);

  for (const run of runs) await report(run, [0, started], [9, over('succeeded')]);
  const kept = new Set((await shown(job)).map((line) => /run="([^"]+)"/.exec(line)?.[1]));
  expect([...kept].toSorted()).toEqual(runs.slice(1));
});

test('a server that is not a Pushgateway is an error before the run', needing('alertmanager'), async () => {
  const verify = (pushgateway: string) => releaseMetrics.verify?.({ pushgateway }, virtualContext());
  expect(await verify(givenServer('alertmanager').url)).toMatchObject([{ level: 'error', code: 'PROMETHEUS_PUSH_REFUSED' }]);
  expect(await verify('http://127.0.0.1:1')).toMatchObject([{ level: 'warning', code: 'PROMETHEUS_UNREACHABLE' }]);
});
