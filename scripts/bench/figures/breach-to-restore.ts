import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from '@relpipe/testing/load';
import { DemoEnvironment } from '../../demo/demo-environment.ts';
import { type DemoRouter, startRouter } from '../../demo/router.ts';
import type { Service } from '../../demo/service.ts';
import { type Figure, figureOf, log } from '../measure/figure.ts';

const rounds = 7;
/** The interval of the gate in breach.pipeline.yaml. */
const everyMs = 2000;

/** How long clients get the answers of a bad version, in a real run with router and load; the errors start at any moment between two samples. */
export async function breachToRestore(): Promise<readonly Figure[]> {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const value = await restoreMs((round + Math.random()) / rounds);
    log(`  weight restored ${value} ms after the first bad answer`);
    measured.push({ value, peerValue: everyMs });
  }
  return [figureOf({ name: 'breach-to-restore', unit: 'ms', peer: "the gate's interval", target: 1.1, better: 'lower' }, measured)];
}

/** @param moment the part of the interval after which the candidate becomes bad, 0..1; the rounds cover the interval evenly */
async function restoreMs(moment: number): Promise<number> {
  const environment = new DemoEnvironment();
  try {
    const [stable, candidate] = [await startCandidate(environment, 'stable'), await startCandidate(environment, 'candidate')];
    const router = await startRouter(environment, stable, candidate);
    const load = new Load(() => router.url, 150);
    try {
      return await breakWhileHeld(environment, { stable, candidate, router, moment });
    } finally {
      await load.stop();
    }
  } finally {
    await environment.stop();
  }
}

async function startCandidate(environment: DemoEnvironment, version: string): Promise<Service> {
  const program = environment.start({ name: version, args: [join(import.meta.dirname, '../programs/candidate.ts')] });
  const [, url = ''] = await program.line(/listens on (http:\S+)/);
  return { version, url, program };
}

interface Setup {
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: DemoRouter;
  readonly moment: number;
}

async function breakWhileHeld(environment: DemoEnvironment, { stable, candidate, router, moment }: Setup): Promise<number> {
  const inputs = { stable: stable.url, candidate: candidate.url, router: router.stateFile };
  const flags = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const pipeline = join(import.meta.dirname, '../programs/breach.pipeline.yaml');
  const args = ['packages/engine/dist/cli/bin.js', 'run', pipeline, ...flags, '--park-after', 'never', '--journal', join(environment.folder, 'journal.db')];
  const relpipe = environment.start({ name: 'relpipe run', args });
  await weightBecomes(router, candidate, 50);
  await sleep(everyMs * (2 + moment));

  await fetch(`${candidate.url}/break`, { method: 'POST' });
  const [, firstError] = await candidate.program.line(/first error at (\d+)/);
  const restoredAt = await weightBecomes(router, candidate, 0);
  const exitCode = await relpipe.ended;
  if (exitCode !== rolledBack) throw new Error(`relpipe exited with ${exitCode}:\n${relpipe.lines.join('\n')}`);
  return restoredAt - Number(firstError);
}

/** The exit code of a run that failed and was rolled back. */
const rolledBack = 3;

async function weightBecomes(router: DemoRouter, { url }: Service, weight: number): Promise<number> {
  const giveUpAt = Date.now() + 30_000;
  while ((await router.weights()).get(url) !== weight) {
    if (Date.now() > giveUpAt) throw new Error(`The router did not give the candidate ${weight}% of the traffic within 30 s.`);
    await sleep(5);
  }
  return Date.now();
}
