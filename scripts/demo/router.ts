import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoEnvironment } from './demo-environment.ts';
import type { Service } from './service.ts';

/** The router in front of both services, read through its control endpoint. */
export class DemoRouter {
  readonly stateFile: string;
  /** The address for clients. */
  readonly url: string;
  readonly #control: string;
  readonly #token: string;

  constructor(stateFile: string, running: Running, token: string) {
    this.stateFile = stateFile;
    this.url = running.listen;
    this.#control = running.control;
    this.#token = token;
  }

  /** The percentage of new requests by the URL of the side. */
  async weights(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`${this.#control}/v1/status`, { headers: { authorization: `Bearer ${this.#token}` } });
    if (!response.ok) throw new Error(`The router answered ${response.status}.`);
    const { sides } = (await response.json()) as { sides: Record<string, { url: string; weight: number }> };
    return new Map(Object.values(sides).map(({ url, weight }) => [url, weight]));
  }
}

interface Running {
  readonly listen: string;
  readonly control: string;
}

/** Starts the built `relpipe-router` with all traffic on the first service. */
export async function startRouter(environment: DemoEnvironment, a: Service, b: Service): Promise<DemoRouter> {
  const stateFile = join(environment.folder, 'router.json');
  const program = 'packages/plugin-traffic/dist/router/bin.js';
  const sides = ['--side', `a=${a.url}`, '--side', `b=${b.url}`];
  const router = environment.start({ name: 'relpipe-router', args: [program, ...sides, '--state', stateFile] });
  await router.line(/listening on/);
  const { running } = JSON.parse(await readFile(stateFile, 'utf8')) as { running: Running };
  return new DemoRouter(stateFile, running, (await readFile(`${stateFile}.token`, 'utf8')).trim());
}
