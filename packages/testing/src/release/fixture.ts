import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { Load } from '../load.ts';
import { installPlugins, neverParking, openFolder, type Finished, type Folder, type OnEnd, type Started } from '../relpipe-folder.ts';
import { openControlProxy, type ControlProxy } from './control-proxy.ts';
import { pipelineOf, type Release } from './pipeline.ts';
import { RouterProcess } from './router-process.ts';
import { startService, type Service } from './service.ts';

/** Two versions of a service behind a router, clients, and a folder with a pipeline file. */
export interface ReleaseFixture {
  readonly folder: Folder;
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: RouterProcess;
  readonly controlProxy: ControlProxy;
  readonly load: Load;
  /** Writes the pipeline file. */
  write(release?: Release): Promise<void>;
  /** Starts relpipe in the folder; it parks only when an option says so. */
  relpipe(...args: readonly string[]): Started;
  /** Runs relpipe in the folder to its end. */
  ended(...args: readonly string[]): Promise<Finished>;
}

/** A test with fixtures of its own, so that tests can run at the same time. */
export const test = base.extend<{ openFixture: (requestsPerSecond?: number) => Promise<ReleaseFixture> }>({
  openFixture: async ({}, use) => {
    const cleanings: (() => Promise<void> | void)[] = [];
    await use((requestsPerSecond) => openFixture((clean) => cleanings.unshift(clean), requestsPerSecond));
    for (const clean of cleanings) await clean();
  },
});

async function openFixture(onEnd: OnEnd, requestsPerSecond = 60): Promise<ReleaseFixture> {
  const folder = await openFolder({}, onEnd);
  installPlugins(folder.path);
  const [stable, candidate] = await Promise.all([startService('stable'), startService('candidate')]);
  onEnd(() => stable.stop());
  onEnd(() => candidate.stop());
  const router = new RouterProcess(join(folder.path, 'router.json'), { stable: stable.url, candidate: candidate.url });
  onEnd(() => router.kill());
  await router.start();
  const controlProxy = await openControlProxy(router);
  onEnd(() => controlProxy.stop());
  const load = new Load(() => router.url, requestsPerSecond);
  onEnd(() => load.stop());
  const parts = { folder, stable, candidate, router, controlProxy, load };
  const relpipe: ReleaseFixture['relpipe'] = (...args) => folder.start(neverParking(args));
  return {
    ...parts,
    relpipe,
    write: (release = {}) => writeFile(join(folder.path, 'release.pipeline.yaml'), pipelineOf(parts, release)),
    ended: (...args) => relpipe(...args).finished,
  };
}

/** Kills a started relpipe with SIGKILL, and waits for its end. */
export async function kill({ child, finished }: Started): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}
