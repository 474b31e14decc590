import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRouter } from '../../../src/router/connect-router.ts';
import { startRouter } from '../../../src/router/start-router.ts';
import { stopRouter } from '../../../src/router/stop-router.ts';
import { embedded } from '../../../src/router-kinds/embedded/embedded.ts';
import type { OpenRig } from '../../../src/testing/index.ts';

/** The built `relpipe-router` as a process of its own. */
export const openEmbeddedRig: OpenRig = async (urls) => {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-embedded-'));
  const state = join(folder, 'router.json');
  const { status } = await startRouter({ state, sides: { ...urls }, listen: '127.0.0.1:0' });
  return {
    kind: 'embedded',
    config: { state },
    unreachable: { control: 'http://127.0.0.1:1', 'token-file': `${state}.token` },
    provision: embedded,
    names: { stable: 'stable', candidate: 'candidate' },
    url: status.listen,
    async setByHand(weights) {
      const router = await connectRouter({ stateFile: state });
      await router.setWeights({ ...weights });
    },
    plugins: {},
    async [Symbol.asyncDispose]() {
      await stopRouter(state);
      await rm(folder, { recursive: true });
    },
  };
};
