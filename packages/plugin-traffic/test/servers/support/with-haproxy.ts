import type { Router, SideWeights } from '../../../src/router-kinds/index.ts';
import { virtualContext } from '../../../../../test/support/virtual-context.ts';
import { startSide } from '../../../src/testing/side-server.ts';
import { haproxy } from '../../../src/router-kinds/haproxy/haproxy.ts';
import type { HaproxyConfig } from '../../../src/router-kinds/haproxy/haproxy-config.ts';
import { openHaproxyRig, type HaproxyRig } from './haproxy.ts';

interface World {
  readonly rig: HaproxyRig;
  /** As a step opens it, with another setting or two. */
  readonly open: (settings?: Partial<HaproxyConfig>) => Promise<Router>;
}

/** A real HAProxy between two real servers. */
export async function withHaproxy(use: (world: World) => Promise<void>, backend = ''): Promise<void> {
  await using stable = await startSide('stable');
  await using candidate = await startSide('candidate');
  await using rig = await openHaproxyRig({ stable: stable.url, candidate: candidate.url }, { backend });
  const open: World['open'] = (settings = {}) => haproxy.open({ ...(rig.config as HaproxyConfig), ...settings }, virtualContext());
  await use({ rig, open });
}

export const candidateAt = (candidate: number): SideWeights => ({ stable: 100 - candidate, candidate });

export async function give(router: Router, candidate: number): Promise<void> {
  await router.write(candidateAt(candidate), await router.read());
}
