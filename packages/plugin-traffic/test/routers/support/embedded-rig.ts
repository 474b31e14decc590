import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '@relpipe/testing/wait-until';
import { stopRouter } from '../../../src/relpipe-router/commands.ts';
import { connectRouter } from '../../../src/relpipe-router/connect-router.ts';
import { startRouter } from '../../../src/relpipe-router/start-router.ts';
import { embedded } from '../../../src/routers/embedded/embedded.ts';
import type { OpenRig } from '../../../src/testing/index.ts';

/** The built `relpipe-router` as a process of its own. */
export const openEmbeddedRig: OpenRig = async (urls) => {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-embedded-'));
  const state = join(folder, 'router.json');
  const start = (listen: string) => startRouter({ state, sides: { ...urls }, listen });
  let { status } = await start('127.0.0.1:0');
  const { listen } = status;
  return {
    kind: 'embedded',
    config: { state },
    unreachable: { control: 'http://127.0.0.1:1', 'token-file': `${state}.token` },
    provision: embedded,
    names: { stable: 'stable', candidate: 'candidate' },
    url: listen,
    async setManually(weights) {
      const router = await connectRouter({ stateFile: state });
      await router.setWeights({ ...weights });
    },
    routerProcess: {
      async stop() {
        process.kill(status.pid, 'SIGKILL');
        await waitUntil(async () => !(await fetch(listen).then(() => true, () => false)));
      },
      start: async () => void ({ status } = await start(new URL(listen).host)),
    },
    plugins: {},
    async [Symbol.asyncDispose]() {
      await stopRouter(state);
      await rm(folder, { recursive: true });
    },
  };
};
