import { virtualContext } from '@relpipe/testing/step-context';
import { haproxy, type HaproxyConfig } from '../../../src/routers/haproxy/haproxy.ts';
import type { Router, SideWeights } from '../../../src/routers/index.ts';
import { startSide } from '../../../src/testing/fixture.ts';
import { openHaproxyRig, type HaproxyRig } from './haproxy.ts';

interface RouterFixture {
  readonly rig: HaproxyRig;
  /** As a step opens it, with another setting or two. */
  readonly open: (settings?: Partial<HaproxyConfig>) => Promise<Router>;
}

/** A real HAProxy between two real servers. */
export async function withHaproxy(use: (fixture: RouterFixture) => Promise<void>, backend = ''): Promise<void> {
  await using stable = await startSide('stable');
  await using candidate = await startSide('candidate');
  await using rig = await openHaproxyRig({ stable: stable.url, candidate: candidate.url }, { backend });
  const open: RouterFixture['open'] = (settings = {}) => haproxy.open({ ...(rig.config as HaproxyConfig), ...settings }, virtualContext());
  await use({ rig, open });
}

export const candidateAt = (candidate: number): SideWeights => ({ stable: 100 - candidate, candidate });

export async function give(router: Router, candidate: number): Promise<void> {
  await router.write(candidateAt(candidate), await router.read());
}
