import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Served } from '@relpipe/testing/http-server';
import { waitUntil } from '@relpipe/testing/wait-until';
import type { Provided } from 'relpipe/plugin';
import { connectRouter } from '../../src/relpipe-router/connect-router.ts';
import { serveRouter } from '../../src/relpipe-router/router-server.ts';
import { buildSettings } from '../../src/relpipe-router/settings.ts';
import { readState } from '../../src/relpipe-router/state/state-file.ts';
import { embedded, type EmbeddedConfig } from '../../src/routers/embedded/embedded.ts';
import type { Router } from '../../src/routers/router.ts';

/** Servers behind a real router, which starts with all traffic on the first of them. */
export class EmbeddedFixture implements AsyncDisposable {
  readonly folder: string;
  readonly stateFile: string;
  readonly sides: Readonly<Record<string, Served>>;
  readonly #gone = new Set<string>();
  #router: { stop(): Promise<void> } | undefined;

  constructor(folder: string, sides: EmbeddedFixture['sides']) {
    this.folder = folder;
    this.stateFile = join(folder, 'router.json');
    this.sides = sides;
  }

  /** Also starts it again after it was stopped: on other ports, with the previous weights. */
  async startRouter(): Promise<void> {
    const urls = Object.fromEntries(Object.entries(this.sides).map(([name, { url }]) => [name, url]));
    this.#router = await serveRouter(buildSettings({ sides: urls, state: this.stateFile }), () => undefined);
  }

  async stopRouter(): Promise<void> {
    await this.#router?.stop();
    this.#router = undefined;
  }

  /** Stops the server of a side, and starts the router again, which then knows that it is unhealthy. */
  async restartWithout(name: string): Promise<void> {
    await this.stopRouter();
    await this.sides[name]?.[Symbol.asyncDispose]();
    this.#gone.add(name);
    await this.startRouter();
    const isUnhealthy = async () => (await (await connectRouter(this)).readStatus()).sides[name]?.health === 'unhealthy';
    await waitUntil(isUnhealthy);
  }

  /** Where clients connect, and where weights are set. */
  async places(): Promise<{ readonly listen: string; readonly control: string }> {
    const running = (await readState(this.stateFile))?.running;
    if (!running) throw new Error('The router does not run.');
    return running;
  }

  /** Sends requests one after the other. @returns the answers by side */
  async send(requests: number): Promise<Record<string, number>> {
    const { listen } = await this.places();
    const answers: Record<string, number> = {};
    for (let i = 0; i < requests; i += 1) {
      const name = await (await fetch(listen)).text();
      answers[name] = (answers[name] ?? 0) + 1;
    }
    return answers;
  }

  async setWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    await (await connectRouter(this)).setWeights(weights);
  }

  async weights(): Promise<Readonly<Record<string, number>>> {
    return (await (await connectRouter(this)).readWeights()).weights;
  }

  /** Counts the changes of the weights. */
  async generation(): Promise<number> {
    return (await (await connectRouter(this)).readWeights()).generation;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopRouter();
    const left = Object.entries(this.sides).filter(([name]) => !this.#gone.has(name));
    await Promise.all(left.map(([, side]) => side[Symbol.asyncDispose]()));
    await rm(this.folder, { recursive: true });
  }
}

export async function startFixture(names: readonly string[] = ['stable', 'candidate']): Promise<EmbeddedFixture> {
  const sides = await Promise.all(names.map(async (name) => [name, await serve((_, response) => response.end(name))] as const));
  const fixture = new EmbeddedFixture(await mkdtemp(join(tmpdir(), 'relpipe-traffic-')), Object.fromEntries(sides));
  await fixture.startRouter();
  return fixture;
}

/** `router: { embedded: … }` as a step gets it. */
export const embeddedAt = (config: EmbeddedConfig): Provided<Router> => ({
  name: 'embedded',
  open: (context) => embedded.open(config, context),
});
