import { execFile } from 'node:child_process';

interface Given {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a real program wrote to standard output. Rejects with all it wrote when it fails. */
export function runCommand(program: string, args: readonly string[], given: Given = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...given, env: { ...process.env, ...given.env } }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}
