import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './check.ts';
import { Load } from './load.ts';
import type { Playground } from './playground.ts';
import { holdMs, runRelease } from './release.ts';
import { startRouter, type DemoRouter } from './router.ts';
import { breakService, startService, type Service } from './service.ts';

/** Starts everything, releases twice, and looks at the outcome itself. @throws Error with the first thing that is not as told */
export async function tellStory(playground: Playground): Promise<void> {
  const first = await startService(playground, '1.0.0');
  const second = await startService(playground, '1.1.0');
  const router = await startRouter(playground, first, second);
  const load = new Load(router.url);
  try {
    console.log(`1.0.0 serves behind a router at ${router.url}, about 150 requests a second. 1.1.0 waits beside it.`);
    await promoteGoodVersion(playground, router, { stable: first, candidate: second });
    await first.program.stop();
    const third = await startService(playground, '1.2.0', new URL(first.url).port);
    await takeBackBadVersion(playground, router, { stable: second, candidate: third });
  } finally {
    await load.stop();
  }
  checkAnswers(load);
}

interface Pair {
  readonly stable: Service;
  readonly candidate: Service;
}

async function promoteGoodVersion(playground: Playground, router: DemoRouter, pair: Pair): Promise<void> {
  console.log('\n1.1.0 is a good version\n');
  const report = join(playground.root, 'demo-reports/promoted.html');
  const exitCode = await runRelease(playground, { ...pair, router, report, onWeight: (weight) => tellWeight(pair, weight) });
  console.log('');
  check('relpipe ended with 0: succeeded', exitCode === 0, `it ended with ${exitCode}`);
  await checkWeights(router, pair, 100);
  await checkReport(report, pair);
}

async function takeBackBadVersion(playground: Playground, router: DemoRouter, pair: Pair): Promise<void> {
  console.log('\n1.2.0 is a bad version: in the middle of its first hold it begins to fail\n');
  const onWeight = async (weight: number) => {
    tellWeight(pair, weight);
    if (weight === 10) await breakLater(pair.candidate);
  };
  const report = join(playground.root, 'demo-reports/rolled-back.html');
  const exitCode = await runRelease(playground, { ...pair, router, report, onWeight });
  console.log('');
  check('relpipe ended with 3: failed, and everything was rolled back', exitCode === 3, `it ended with ${exitCode}`);
  await checkWeights(router, pair, 0);
  await checkReport(report, pair);
}

const tellWeight = ({ candidate }: Pair, weight: number) => console.log(`  -> ${candidate.version} has ${weight}% of the traffic`);

async function breakLater(service: Service): Promise<void> {
  await sleep(holdMs / 2);
  await breakService(service);
  console.log(`  !! ${service.version} answers slowly now, and half of its answers are errors`);
}

async function checkWeights(router: DemoRouter, { stable, candidate }: Pair, expected: number): Promise<void> {
  const weights = await router.weights();
  const found = `it gives ${candidate.version} ${weights.get(candidate.url)}% and ${stable.version} ${weights.get(stable.url)}%`;
  const isSo = weights.get(candidate.url) === expected && weights.get(stable.url) === 100 - expected;
  check(`the router gives ${candidate.version} ${expected}% and ${stable.version} ${100 - expected}%`, isSo, found);
}

async function checkReport(file: string, { candidate }: Pair): Promise<void> {
  const html = await readFile(file, 'utf8');
  const isReport = html.includes('</html>') && html.includes(candidate.version);
  check(`its report is ${relative(process.cwd(), file)}`, isReport, `it has ${html.length} characters and is no report of ${candidate.version}`);
}

function checkAnswers({ requests, answers, drops }: Load): void {
  const count = (key: string) => answers.get(key) ?? 0;
  console.log('');
  check(`of ${requests} requests none was dropped`, drops.length === 0, `${drops.length} were: ${drops.slice(0, 5).join('; ')}`);
  const counts = [...answers].map(([key, n]) => `${key}: ${n}`).join(', ');
  const allAnswered = ['1.0.0 200', '1.1.0 200', '1.2.0 200'].every((key) => count(key) > 0);
  check(`all three versions answered clients (${counts})`, allAnswered, 'one did not');
  const onlyBadErred = count('1.2.0 500') > 0 && count('1.0.0 500') + count('1.1.0 500') === 0;
  check('clients saw errors of the bad version alone', onlyBadErred, 'another one gave errors, or it gave none');
}
