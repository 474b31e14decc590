import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { findMutants, type Mutant } from './find-mutants.ts';
import type { Effect, Run, Work } from './worker.ts';

const rulesFolder = join(import.meta.dirname, '../../packages/engine/src/run/core/decide');

export const allMutants = (): readonly Mutant[] =>
  readdirSync(rulesFolder).sort().flatMap((file) => findMutants(join(rulesFolder, file)));

/** A mutant may never come to an end; after this long, or when it needs more memory than this, it counts as noticed. */
const longestMs = 30_000;
const resourceLimits = { maxOldGenerationSizeMb: 2048 };

/** Tries each mutant on the runs, two at a time, and reports its effect. */
export async function tryMutants(
  mutants: readonly Mutant[],
  runs: readonly Run[],
  firstIsEnough: boolean,
  onEffect: (mutant: Mutant, effect: Effect) => void,
): Promise<void> {
  const left = [...mutants];
  await Promise.all([work(), work()]);

  async function work(): Promise<void> {
    let worker = startWorker(runs);
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const effect = await askWorker(worker, { mutant, firstIsEnough });
      if (effect === 'endless') {
        await worker.terminate();
        worker = startWorker(runs);
      }
      onEffect(mutant, effect === 'endless' ? { decidedOtherwise: runs.map(({ name }) => name).slice(0, 1), shownOtherwise: [] } : effect);
    }
    await worker.terminate();
  }
}

const startWorker = (runs: readonly Run[]): Worker => new Worker(new URL('./worker.ts', import.meta.url), { workerData: { runs }, resourceLimits });

const askWorker = (worker: Worker, work: Work): Promise<Effect | 'endless'> =>
  new Promise((resolve, reject) => {
    const alarm = setTimeout(() => done(() => resolve('endless')), longestMs);
    const onMessage = (effect: Effect): void => done(() => resolve(effect));
    const onError = (error: Error & { code?: string }): void => done(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve('endless') : reject(error)));
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage(work);
    function done(settle: () => void): void {
      clearTimeout(alarm);
      worker.off('message', onMessage).off('error', onError);
      settle();
    }
  });
