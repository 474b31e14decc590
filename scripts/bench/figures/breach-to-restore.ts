import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from '../../demo/load.ts';
import { Playground } from '../../demo/playground.ts';
import { startRouter } from '../../demo/router.ts';
import type { DemoRouter } from '../../demo/router.ts';
import type { Service } from '../../demo/service.ts';
import { figureOf, type Figure } from '../measure/figure.ts';
import { tell } from '../measure/tell.ts';

const rounds = 7;
/** As the pipeline says it. */
const everyMs = 2000;

/** How long clients get a bad version's answers: a real run, a real router, real load; the candidate goes bad at any moment between two looks. */
export async function breachToRestore(): Promise<readonly Figure[]> {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const value = await restoreMs((round + Math.random()) / rounds);
    tell(`  weight restored ${value} ms after the first bad answer`);
    measured.push({ value, peerValue: everyMs });
  }
  return [figureOf({ name: 'breach-to-restore', unit: 'ms', peer: "the gate's interval", target: 1.1, better: 'lower' }, measured)];
}

/** @param moment of the interval at which the candidate goes bad, 0..1: together the rounds cover it evenly */
async function restoreMs(moment: number): Promise<number> {
  const playground = new Playground();
  try {
    const [stable, candidate] = [await startCandidate(playground, 'stable'), await startCandidate(playground, 'candidate')];
    const router = await startRouter(playground, stable, candidate);
    const load = new Load(router.url);
    try {
      return await breakWhileHeld(playground, { stable, candidate, router, moment });
    } finally {
      await load.stop();
    }
  } finally {
    await playground.stop();
  }
}

async function startCandidate(playground: Playground, version: string): Promise<Service> {
  const program = playground.start({ name: version, args: [join(import.meta.dirname, '../programs/candidate.ts')] });
  const [, url = ''] = await program.line(/listens on (http:\S+)/);
  return { version, url, program };
}

interface Scene {
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: DemoRouter;
  readonly moment: number;
}

async function breakWhileHeld(playground: Playground, { stable, candidate, router, moment }: Scene): Promise<number> {
  const inputs = { stable: stable.url, candidate: candidate.url, router: router.stateFile };
  const flags = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const pipeline = join(import.meta.dirname, '../programs/breach.pipeline.yaml');
  const args = ['packages/engine/dist/cli/bin.js', 'run', pipeline, ...flags, '--park-after', 'never', '--journal', join(playground.folder, 'journal.db')];
  const relpipe = playground.start({ name: 'relpipe run', args });
  await weightBecomes(router, candidate, 50);
  await sleep(everyMs * (2 + moment));

  await fetch(`${candidate.url}/break`, { method: 'POST' });
  const [, firstError] = await candidate.program.line(/first error at (\d+)/);
  const restoredAt = await weightBecomes(router, candidate, 0);
  const exitCode = await relpipe.ended;
  if (exitCode !== rolledBack) throw new Error(`relpipe ended with ${exitCode}:\n${relpipe.lines.join('\n')}`);
  return restoredAt - Number(firstError);
}

/** The exit code of a run that failed and was taken back. */
const rolledBack = 3;

async function weightBecomes(router: DemoRouter, { url }: Service, weight: number): Promise<number> {
  const giveUpAt = Date.now() + 30_000;
  while ((await router.weights()).get(url) !== weight) {
    if (Date.now() > giveUpAt) throw new Error(`The router never gave the candidate ${weight}% of the traffic.`);
    await sleep(5);
  }
  return Date.now();
}
