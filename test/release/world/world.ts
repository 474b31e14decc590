import { symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openFolder, type Finished, type Folder, type Started } from '../../../packages/engine/test/cli/relpipe-in-a-folder.ts';
import { Load } from './load.ts';
import { pipelineOf, type Release } from './pipeline.ts';
import { RouterProcess } from './router.ts';
import { startService, type Service } from './service.ts';
import { openWire, type Wire } from './wire.ts';

/** Two versions of a service behind a router, clients, and a pipeline file beside them. */
export interface World {
  readonly folder: Folder;
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: RouterProcess;
  readonly wire: Wire;
  readonly load: Load;
  /** Writes the pipeline file. */
  write(release?: Release): Promise<void>;
  /** Starts relpipe there; it parks only where it is told to. */
  relpipe(...args: readonly string[]): Started;
  /** The same, to its end. */
  ended(...args: readonly string[]): Promise<Finished>;
}

export type OnEnd = (clean: () => Promise<void> | void) => void;

export async function openWorld(onEnd: OnEnd, requestsPerSecond = 60): Promise<World> {
  const folder = await openFolder({}, onEnd);
  await symlink(resolve(import.meta.dirname, '../../../node_modules'), join(folder.path, 'node_modules'));
  const [stable, candidate] = await Promise.all([startService('stable'), startService('candidate')]);
  onEnd(() => stable.stop());
  onEnd(() => candidate.stop());
  const router = new RouterProcess(join(folder.path, 'router.json'), { stable: stable.url, candidate: candidate.url });
  onEnd(() => router.kill());
  await router.start();
  const wire = await openWire(router);
  onEnd(() => wire.stop());
  const load = new Load(() => router.url, requestsPerSecond);
  onEnd(() => load.stop());
  const world = { folder, stable, candidate, router, wire, load };
  const relpipe: World['relpipe'] = (...args) => folder.start(mayPark(args) ? [...args, '--park-after', 'never'] : args);
  return {
    ...world,
    relpipe,
    write: (release = {}) => writeFile(join(folder.path, 'release.pipeline.yaml'), pipelineOf(world, release)),
    ended: (...args) => relpipe(...args).finished,
  };
}

const mayPark = ([command, ...args]: readonly string[]): boolean => (command === 'run' || command === 'resume') && !args.includes('--park-after');

/** Looks until it is so. Whoever waits for ever is ended by the test's own limit. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await pause(20);
}

export async function kill({ child, finished }: Started): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}
