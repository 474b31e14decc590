import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What runs a `run:` text: bash where there is one, else the POSIX shell, which knows no `pipefail`. */
export const shellArguments = (script: string): readonly string[] => {
  bash ??= hasBash() ? ['bash', '-eo', 'pipefail', '-c'] : ['sh', '-e', '-c'];
  return [...bash, script];
};

let bash: readonly string[] | undefined;

const hasBash = (): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, 'bash')));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
