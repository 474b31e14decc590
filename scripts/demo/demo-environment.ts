import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Program, type ProgramOptions } from './program.ts';

/** A temporary folder and the programs of a demo; however the demo ends, all of them are stopped. */
export class DemoEnvironment {
  readonly root = resolve(import.meta.dirname, '../..');
  readonly folder = mkdtempSync(join(tmpdir(), 'relpipe-demo-'));
  readonly #programs: Program[] = [];
  #isStopped = false;

  constructor() {
    // However this process ends, no program may stay behind.
    process.once('exit', () => this.#kill());
  }

  /** @throws Error after `stop` */
  start(options: Omit<ProgramOptions, 'cwd'>): Program {
    if (this.#isStopped) throw new Error(`The demo has ended: ${options.name} is not started.`);
    const program = new Program({ ...options, cwd: this.root });
    this.#programs.push(program);
    return program;
  }

  /** The last lines of each program. */
  lastLines(): string {
    return this.#programs.map(({ name, lines }) => `--- ${name}\n${lines.slice(-15).join('\n')}`).join('\n');
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    // A program before those that it uses: relpipe, then the router, then the services.
    for (const program of this.#programs.toReversed()) await program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #kill(): void {
    for (const program of this.#programs.filter(({ isRunning }) => isRunning)) program.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
