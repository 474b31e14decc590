import { existsSync, readFileSync, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { CommandEnd, CommandShell, ShellCommand } from '../../../builtin/command-shell.ts';
import type { TaskOp } from '../../core/operation.ts';
import { opVariables } from '../process/list-processes.ts';
import { runCommand } from '../process/run-command.ts';
import { makeExchanged, removeExchanged } from './exchange-files.ts';
import type { StepLog } from './step-log.ts';
import type { TaskDeps } from './workplace.ts';

/** Runs the commands of a `run:` step on this machine. */
export class LocalCommandShell implements CommandShell {
  readonly #op: TaskOp;
  readonly #deps: TaskDeps;
  readonly #log: StepLog;
  readonly #signal: AbortSignal;
  readonly #outputFile: string;
  readonly #stateFile: string;

  constructor(op: TaskOp, deps: TaskDeps, log: StepLog, signal: AbortSignal) {
    this.#op = op;
    this.#deps = deps;
    this.#log = log;
    this.#signal = signal;
    this.#outputFile = deps.folder.outputFile(op);
    this.#stateFile = deps.folder.stateFile(op);
  }

  async command({ argv, env, cwd }: ShellCommand): Promise<CommandEnd> {
    makeExchanged(this.#op, this.#deps.folder);
    const texts = { stdout: new StringDecoder(), stderr: new StringDecoder() };
    const command = { key: this.#op.key, argv, cwd, env: this.#environment(env) };
    const end = await runCommand(this.#deps, command, this.#signal, (name, chunk) => this.#log.write(name, texts[name].write(chunk)));
    for (const name of ['stdout', 'stderr'] as const) this.#log.write(name, texts[name].end());
    this.#log.flush();
    return { ...end, lastLines: this.#log.lastLines(), run: this.#deps.run, step: this.#op.step };
  }

  readOutput(): string | undefined {
    return contentOf(this.#outputFile);
  }

  readState(): string | undefined {
    return contentOf(this.#stateFile);
  }

  watchState(changed: () => void): () => void {
    if (!this.#deps.hasRollbackSteps(this.#op.step)) return () => undefined;
    makeExchanged(this.#op, this.#deps.folder);
    const watcher = watch(this.#stateFile, { persistent: false }, changed);
    // Then the state is saved only at the end, and a take-up still reads the file.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  }

  /** For an attempt whose result holds everything that was in them. */
  forgetFiles(): void {
    removeExchanged(this.#op, this.#deps.folder);
  }

  #environment(env: Readonly<Record<string, string>>): Record<string, string> {
    const { step, attempt, idempotencyKey, key } = this.#op;
    return {
      ...env,
      ...opVariables(this.#deps.run, key),
      RELPIPE_STEP: step,
      RELPIPE_ATTEMPT: String(attempt),
      RELPIPE_IDEMPOTENCY_KEY: idempotencyKey,
      RELPIPE_OUTPUT: this.#outputFile,
      RELPIPE_STATE: this.#stateFile,
    };
  }
}

/** A command may have removed them. */
const contentOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
