import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Program, type ProgramOptions } from './program.ts';

/** The demo's folder and every process it starts; on every way out all of them end. */
export class Playground {
  readonly root = resolve(import.meta.dirname, '../..');
  readonly folder = mkdtempSync(join(tmpdir(), 'relpipe-demo-'));
  readonly #programs: Program[] = [];
  #isOver = false;

  constructor() {
    // Whatever ends this process, nothing it started goes on.
    process.once('exit', () => this.#kill());
  }

  /** @throws Error once the playground is stopped */
  start(options: Omit<ProgramOptions, 'cwd'>): Program {
    if (this.#isOver) throw new Error(`The demo is over: ${options.name} is not started.`);
    const program = new Program({ ...options, cwd: this.root });
    this.#programs.push(program);
    return program;
  }

  /** What each program said last. */
  tails(): string {
    return this.#programs.map(({ name, lines }) => `--- ${name}\n${lines.slice(-15).join('\n')}`).join('\n');
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    // Whoever speaks to others first: relpipe, then the router, then the services.
    for (const program of this.#programs.toReversed()) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #kill(): void {
    for (const program of this.#programs.filter(({ isRunning }) => isRunning)) program.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
