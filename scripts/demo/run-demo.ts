import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from '@relpipe/testing/load';
import type { DemoEnvironment } from './demo-environment.ts';
import { holdMs, runRelease } from './release.ts';
import { startRouter, type DemoRouter } from './router.ts';
import { breakService, startService, type Service } from './service.ts';

/** Starts all programs, releases twice, and checks the outcome itself. @throws Error with the first claim that is false */
export async function runDemo(environment: DemoEnvironment): Promise<void> {
  const first = await startService(environment, '1.0.0');
  const second = await startService(environment, '1.1.0');
  const router = await startRouter(environment, first, second);
  const load = new Load(() => router.url, requestsPerSecond);
  try {
    console.log(`1.0.0 serves behind a router at ${router.url}, about ${requestsPerSecond} requests a second. 1.1.0 is running and gets no traffic yet.`);
    await promoteGoodVersion(environment, router, { stable: first, candidate: second });
    await first.program.stop();
    const third = await startService(environment, '1.2.0', new URL(first.url).port);
    await rollBackBadVersion(environment, router, { stable: second, candidate: third });
  } finally {
    await load.stop();
  }
  checkAnswers(load);
}

const requestsPerSecond = 150;

interface Pair {
  readonly stable: Service;
  readonly candidate: Service;
}

async function promoteGoodVersion(environment: DemoEnvironment, router: DemoRouter, pair: Pair): Promise<void> {
  console.log('\n1.1.0 is a good version\n');
  const report = join(environment.root, 'demo-reports/promoted.html');
  const exitCode = await runRelease(environment, { ...pair, router, report, onWeight: (weight) => printWeight(pair, weight) });
  console.log('');
  check('relpipe exited with 0: succeeded', exitCode === 0, `it exited with ${exitCode}`);
  await checkWeights(router, pair, 100);
  await checkReport(report, pair);
}

async function rollBackBadVersion(environment: DemoEnvironment, router: DemoRouter, pair: Pair): Promise<void> {
  console.log('\n1.2.0 is a bad version: it starts to fail in the middle of its first hold\n');
  const onWeight = async (weight: number) => {
    printWeight(pair, weight);
    if (weight === 10) await breakLater(pair.candidate);
  };
  const report = join(environment.root, 'demo-reports/rolled-back.html');
  const exitCode = await runRelease(environment, { ...pair, router, report, onWeight });
  console.log('');
  check('relpipe exited with 3: failed, and everything was rolled back', exitCode === 3, `it exited with ${exitCode}`);
  await checkWeights(router, pair, 0);
  await checkReport(report, pair);
}

const printWeight = ({ candidate }: Pair, weight: number) => console.log(`  -> ${candidate.version} has ${weight}% of the traffic`);

async function breakLater(service: Service): Promise<void> {
  await sleep(holdMs / 2);
  await breakService(service);
  console.log(`  !! ${service.version} now answers slowly, and half of its answers are errors`);
}

async function checkWeights(router: DemoRouter, { stable, candidate }: Pair, expected: number): Promise<void> {
  const weights = await router.weights();
  const found = `it gives ${candidate.version} ${weights.get(candidate.url)}% and ${stable.version} ${weights.get(stable.url)}%`;
  const isRight = weights.get(candidate.url) === expected && weights.get(stable.url) === 100 - expected;
  check(`the router gives ${candidate.version} ${expected}% and ${stable.version} ${100 - expected}%`, isRight, found);
}

async function checkReport(file: string, { candidate }: Pair): Promise<void> {
  const html = await readFile(file, 'utf8');
  const isReport = html.includes('</html>') && html.includes(candidate.version);
  check(`its report is ${relative(process.cwd(), file)}`, isReport, `it has ${html.length} characters and is not a report of ${candidate.version}`);
}

function checkAnswers({ answered, answers, drops }: Load): void {
  const count = (key: string) => answers.get(key) ?? 0;
  console.log('');
  check(`of ${answered + drops.length} requests none was lost`, drops.length === 0, `${drops.length} were lost: ${drops.slice(0, 5).join('; ')}`);
  const counts = [...answers].map(([key, n]) => `${key}: ${n}`).join(', ');
  const allAnswered = ['1.0.0 200', '1.1.0 200', '1.2.0 200'].every((key) => count(key) > 0);
  check(`all three versions answered clients (${counts})`, allAnswered, 'at least one did not');
  const onlyBadErred = count('1.2.0 500') > 0 && count('1.0.0 500') + count('1.1.0 500') === 0;
  check('clients got errors only from the bad version', onlyBadErred, 'another version returned errors, or the bad one returned none');
}

/** Prints a claim that is true; one that is false ends the demo. */
function check(claim: string, isTrue: boolean, found: string): void {
  if (!isTrue) throw new Error(`false: ${claim}; ${found}`);
  console.log(`  ok  ${claim}`);
}
