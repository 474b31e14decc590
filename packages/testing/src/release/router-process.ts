import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../plugin-traffic/dist/router/bin.js', import.meta.url));

interface Running {
  readonly pid: number;
  readonly listen: string;
  readonly control: string;
}

export interface Weights {
  readonly stable: number;
  readonly candidate: number;
}

/** The built `relpipe-router` in a process of its own. It can be killed and started again. */
export class RouterProcess {
  readonly stateFile: string;
  readonly #sides: Readonly<Record<keyof Weights, string>>;
  #child: ChildProcess | undefined;
  #running: Running = { pid: 0, listen: '', control: '' };

  constructor(stateFile: string, sides: Readonly<Record<keyof Weights, string>>) {
    this.stateFile = stateFile;
    this.#sides = sides;
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** The address for clients. */
  get url(): string {
    return this.#running.listen;
  }

  get control(): string {
    return this.#running.control;
  }

  async start(): Promise<void> {
    const sides = Object.entries(this.#sides).flatMap(([name, url]) => ['--side', `${name}=${url}`]);
    const child = spawn(process.execPath, [program, ...sides, '--state', this.stateFile], { stdio: 'ignore', detached: true });
    this.#child = child;
    while ((this.#running = await this.#readRunning()).pid !== child.pid) {
      if (child.exitCode !== null) throw new Error(`The router exited with code ${child.exitCode}.`);
      await pause(20);
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** The percentages of new requests, and the number of their changes. */
  async read(): Promise<{ readonly weights: Weights; readonly generation: number }> {
    return (await this.#ask('GET')) as { weights: Weights; generation: number };
  }

  async candidate(): Promise<number> {
    return (await this.read()).weights.candidate;
  }

  /** Sets the weights without relpipe, as another person would. */
  async set(candidate: number): Promise<void> {
    await this.#ask('PUT', JSON.stringify({ weights: { stable: 100 - candidate, candidate } }));
  }

  async #ask(method: string, body?: string): Promise<unknown> {
    const token = (await readFile(`${this.stateFile}.token`, 'utf8')).trim();
    const response = await fetch(`${this.control}/v1/weights`, { method, headers: { authorization: `Bearer ${token}` }, ...(body !== undefined && { body }) });
    if (!response.ok) throw new Error(`The router answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  async #readRunning(): Promise<Running> {
    const text = await readFile(this.stateFile, 'utf8').catch(() => '{}');
    const { running } = JSON.parse(text) as { running?: Running | null };
    return running ?? { pid: 0, listen: '', control: '' };
  }
}
