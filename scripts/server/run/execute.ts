import { spawn } from 'node:child_process';
import { once } from 'node:events';

interface Setting {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and gives what it wrote, standard error included. Throws with the end of that when it fails. */
export async function execute(command: string, args: readonly string[], setting: Setting = {}): Promise<string> {
  const child = spawn(command, args, { ...setting, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (said += part));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return said;
  throw new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal ?? 'nothing'}:\n${said.trimEnd().split('\n').slice(-20).join('\n')}`);
}
