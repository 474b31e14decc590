import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRouter } from '../../src/router/connect-router.ts';
import type { RouterClient } from '../../src/router/router-client.ts';
import { runRouter } from '../../src/router/run-router.ts';
import { buildSettings } from '../../src/router/settings/build-settings.ts';
import { readState } from '../../src/router/state/state-file.ts';
import { startSide, type StartedSide } from './start-side.ts';

/** Two servers behind a real router, which starts with everything on stable. */
export class World implements AsyncDisposable {
  readonly folder: string;
  readonly stateFile: string;
  readonly sides: Readonly<Record<string, StartedSide>>;
  readonly router: { stop(): Promise<void> };
  /** Where clients connect, and where weights are set. */
  readonly listen: string;
  readonly control: string;
  readonly client: RouterClient;

  constructor(parts: Pick<World, 'folder' | 'stateFile' | 'sides' | 'router' | 'listen' | 'control' | 'client'>) {
    this.folder = parts.folder;
    this.stateFile = parts.stateFile;
    this.sides = parts.sides;
    this.router = parts.router;
    this.listen = parts.listen;
    this.control = parts.control;
    this.client = parts.client;
  }

  /** Sends requests one after the other; gives the answers by side. */
  async send(requests: number): Promise<Record<string, number>> {
    const answers: Record<string, number> = {};
    for (let i = 0; i < requests; i += 1) {
      const name = await (await fetch(this.listen)).text();
      answers[name] = (answers[name] ?? 0) + 1;
    }
    return answers;
  }

  async weights(): Promise<Readonly<Record<string, number>>> {
    return (await this.client.readWeights()).weights;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.router.stop();
    await Promise.all(Object.values(this.sides).map((side) => side.stop()));
    await rm(this.folder, { recursive: true });
  }
}

export async function startWorld(names: readonly string[] = ['stable', 'candidate']): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-traffic-'));
  const sides = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await startSide(name)] as const)));
  const stateFile = join(folder, 'router.json');
  const urls = Object.fromEntries(Object.entries(sides).map(([name, { url }]) => [name, url]));
  const router = await runRouter(buildSettings({ sides: urls, state: stateFile }), () => undefined);
  const running = (await readState(stateFile))?.running;
  if (!running) throw new Error('The router does not run.');
  const { listen, control } = running;
  return new World({ folder, stateFile, sides, router, listen, control, client: await connectRouter({ stateFile }) });
}
