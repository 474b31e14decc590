import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Router, SideWeights } from '../router-kinds/router.ts';
import { realContext } from './real-context.ts';
import type { OpenRig, RouterRig, TwoSides } from './router-rig.ts';
import { startSide, type SideServer } from './side-server.ts';

/** A rig with what stands around it. */
export interface World {
  readonly rig: RouterRig;
  readonly router: Router;
  readonly servers: TwoSides<SideServer>;
  /** An empty folder. */
  readonly folder: string;
  /** Weights by what the router calls its sides. */
  readonly divide: (candidate: number) => SideWeights;
  /** Gives the candidate so many percent, the way a step does. */
  readonly give: (candidate: number) => Promise<void>;
  /** The candidate's percent as the router says it. */
  readonly candidate: () => Promise<number>;
}

/** Opens two servers and a router between them for as long as `use` takes. */
export async function withRig(openRig: OpenRig, use: (world: World) => Promise<void>): Promise<void> {
  await using stable = await startSide('stable');
  await using candidate = await startSide('candidate');
  await using rig = await openRig({ stable: stable.url, candidate: candidate.url });
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-rig-'));
  try {
    const router = await rig.provision.open(rig.config, realContext(folder));
    await use({ rig, folder, servers: { stable, candidate }, ...lookingAt(router, rig.names) });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function lookingAt(router: Router, names: TwoSides<string>): Pick<World, 'router' | 'divide' | 'give' | 'candidate'> {
  const divide = (candidate: number): SideWeights => ({ [names.stable]: 100 - candidate, [names.candidate]: candidate });
  return {
    router,
    divide,
    give: async (candidate) => {
      await router.write(divide(candidate), await router.read());
    },
    candidate: async () => (await router.read()).weights[names.candidate] ?? NaN,
  };
}
