import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectRouter } from '../../../src/router/connect-router.ts';
import type { RouterClient } from '../../../src/router/router-client.ts';
import { runRouter } from '../../../src/router/run-router.ts';
import type { RunningRouter } from '../../../src/router/router-life.ts';
import { buildSettings } from '../../../src/router/settings/build-settings.ts';

export interface TestRouter {
  readonly url: string;
  readonly port: number;
  readonly client: RouterClient;
  readonly router: RunningRouter;
}

/** A router in this process on free ports, with a folder of its own; both are gone when the test ends. */
export async function startTestRouter(sides: Record<string, string>, raw: Record<string, unknown> = {}): Promise<TestRouter> {
  const state = join(await temporaryFolder(), 'router.json');
  const router = await runRouter(buildSettings({ state, sides, 'shutdown-timeout': '200ms', ...raw }), () => undefined);
  onTestFinished(() => router.stop());
  const url = router.running.listen;
  return { url, port: Number(new URL(url).port), router, client: await connectRouter({ stateFile: state }) };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-router-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
