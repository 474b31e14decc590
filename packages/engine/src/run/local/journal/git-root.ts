import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The root of the git repository around a folder. A work tree has a `.git` file instead of a folder; it is a root too. */
export function gitRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}
