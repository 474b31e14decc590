import type { ExecOptions, ExecResult, Secret } from '../../../contract/index.ts';
import type { OpKey } from '../../core/operation.ts';
import type { Workplace } from '../tasks/workplace.ts';
import { opVariables } from './list-processes.ts';
import { runCommand } from './run-command.ts';

export type ExecDeps = Pick<Workplace, 'run' | 'workdir' | 'environment' | 'processes'>;

/** `context.exec`: a command without a shell, to its end; one that prints too much is ended. Rejects when the signal aborts it. */
export async function execCommand(
  deps: ExecDeps,
  key: OpKey,
  signal: AbortSignal,
  argv: readonly string[],
  { cwd = deps.workdir, env = {}, stdin }: ExecOptions = {},
): Promise<ExecResult> {
  const overflow = new AbortController();
  const kept = { stdout: new KeptOutput(overflow), stderr: new KeptOutput(overflow) };
  const command = { key, argv, cwd, env: { ...reveal(env), ...opVariables(deps.run, key) }, ...(stdin !== undefined && { stdin: textOf(stdin) }) };
  const end = runCommand(deps, command, AbortSignal.any([signal, overflow.signal]), (name, chunk) => kept[name].add(chunk));
  const { code } = await end.catch((error: unknown) => {
    if (error === overflow.signal.reason) return { code: null };
    throw error;
  });
  return { code: code ?? exitCodeOfSignal, stdout: kept.stdout.text(), stderr: kept.stderr.text() };
}

/** As shells report a killed command: above 128. */
const exitCodeOfSignal = 129;
const maximumBytes = 100 * 1024 * 1024;

/** An output up to `maximumBytes`; what comes after that aborts the command. */
class KeptOutput {
  readonly #overflow: AbortController;
  readonly #chunks: Buffer[] = [];
  #room = maximumBytes;

  constructor(overflow: AbortController) {
    this.#overflow = overflow;
  }

  add(chunk: Buffer): void {
    if (chunk.length > this.#room) this.#overflow.abort();
    if (this.#room > 0) this.#chunks.push(chunk.subarray(0, this.#room));
    this.#room = Math.max(0, this.#room - chunk.length);
  }

  /** Without the line end that closes it. */
  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8').replace(/\r?\n$/, '');
  }
}

const reveal = (env: NonNullable<ExecOptions['env']>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? undefined : textOf(value)]));

const textOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal());
