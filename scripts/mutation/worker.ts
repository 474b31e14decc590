import type { Fact } from '../../packages/engine/src/run/core/fact.ts';
import { buildCore } from './build-core.ts';
import type { Mutant } from './find-mutants.ts';

/** A recorded run, and what its status was. */
export interface Run {
  readonly name: string;
  readonly facts: readonly Fact[];
}

/** What a mutant does to the recorded runs. */
export interface Effect {
  /** Runs that would be decided otherwise. */
  readonly decidedOtherwise: readonly string[];
  /** Runs that would be shown otherwise. */
  readonly shownOtherwise: readonly string[];
}

export interface Setup {
  readonly runs: readonly Run[];
  /** The first run that is decided otherwise is enough. */
  readonly firstIsEnough: boolean;
}

process.once('message', (setup: Setup) => {
  void compareWith(setup).then((effectOf) => {
    process.on('message', (mutant: Mutant) => void effectOf(mutant).then((effect) => process.send?.(effect)));
    process.send?.('ready');
  });
});

async function compareWith({ runs, firstIsEnough }: Setup): Promise<(mutant: Mutant) => Promise<Effect>> {
  const unchanged = await buildCore();
  const statuses = runs.map(({ facts }) => JSON.stringify(unchanged.statusOf(facts)));
  const decisions = runs.map(({ facts }) => JSON.stringify(unchanged.decideAnew(facts)));
  return async (mutant) => {
    const core = await buildCore(mutant);
    const decidedOtherwise: string[] = [];
    for (const [n, { name, facts }] of runs.entries()) {
      if (firstIsEnough && decidedOtherwise.length > 0) break;
      if (differs(() => JSON.stringify(core.decideAnew(facts)) !== decisions[n])) decidedOtherwise.push(name);
    }
    const shownOtherwise = runs.filter(({ facts }, n) => differs(() => JSON.stringify(core.statusOf(facts)) !== statuses[n])).map(({ name }) => name);
    return { decidedOtherwise, shownOtherwise };
  };
}

/** A mutant that throws is noticed as well. */
function differs(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return true;
  }
}

// The parent has ended.
process.on('disconnect', () => process.exit());
