import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectRouter } from '../../src/relpipe-router/connect-router.ts';
import type { RouterClient } from '../../src/relpipe-router/router-client.ts';
import { serveRouter, type RunningRouter } from '../../src/relpipe-router/router-server.ts';
import { buildSettings } from '../../src/relpipe-router/settings.ts';

export interface TestRouter {
  readonly url: string;
  readonly port: number;
  readonly client: RouterClient;
  readonly router: RunningRouter;
}

/** A router in this process on free ports, with a folder of its own; both are gone when the test ends. */
export async function startTestRouter(sides: Record<string, string>, raw: Record<string, unknown> = {}): Promise<TestRouter> {
  const state = join(await temporaryFolder(), 'router.json');
  const router = await serveRouter(buildSettings({ state, sides, 'shutdown-timeout': '200ms', ...raw }), () => undefined);
  onTestFinished(() => router.stop());
  const url = router.running.listen;
  return { url, port: Number(new URL(url).port), router, client: await connectRouter({ stateFile: state }) };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-router-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Kills the process at the end of the test, if it is still running. */
export const endAfterwards = (pid: number) => onTestFinished(() => {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});
