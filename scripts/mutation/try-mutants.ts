import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runInWorkers } from '../forked-workers.ts';
import { findMutants, type Mutant } from './find-mutants.ts';
import type { Effect, Run, Setup } from './worker.ts';

const rulesFolder = join(import.meta.dirname, '../../packages/engine/src/run/core/decide');

export const allMutants = (): readonly Mutant[] =>
  readdirSync(rulesFolder).sort().flatMap((file) => findMutants(join(rulesFolder, file)));

/** A mutant may never come to an end, or take all memory: its process is ended, and the mutant counts as noticed. */
const limits = { longestMs: 30_000, memoryMb: 2048 };

/** Tries each mutant on the runs, two at a time, and reports its effect. */
export async function tryMutants(
  mutants: readonly Mutant[],
  runs: readonly Run[],
  firstIsEnough: boolean,
  onEffect: (mutant: Mutant, effect: Effect) => void,
): Promise<void> {
  const program = new URL('worker.ts', import.meta.url);
  const noticed: Effect = { decidedOtherwise: runs.map(({ name }) => name).slice(0, 1), shownOtherwise: [] };
  await runInWorkers<Mutant, Effect>({ program, setup: { runs, firstIsEnough } satisfies Setup, tasks: mutants, ...limits }, (mutant, outcome) =>
    onEffect(mutant, 'answer' in outcome ? outcome.answer : noticed),
  );
}
