import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gitRoot, relpipeFolderIn } from '../util/relpipe-folder.ts';

/** A package with the version, or the range of versions, that has to be installed. */
export interface WantedPackage {
  readonly package: string;
  readonly range: string;
}

/** How to install packages where the plugins of a folder are looked for first: a sentence without its end, with one command for all of them. */
export function howToInstall(folder: string, wanted: readonly WantedPackage[], how: 'save' | 'no-save' = 'save'): string {
  const packages = wanted.map(specOf).join(' ');
  const root = gitRoot(folder);
  const project = projectAround(folder, root);
  // Not a Node.js project, or one whose packages are not in node_modules.
  if (root !== undefined && (project === undefined || existsSync(join(project, '.pnp.cjs')))) {
    return `Run \`npm install --prefix ${relpipeFolderIn(root)} ${packages}\``;
  }
  return `Run \`${addCommand(project, how)} ${packages}\` in ${folder}`;
}

/** The nearest folder with a package.json, inside of the repository. */
function projectAround(folder: string, root: string | undefined): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (at === root || at === dirname(at)) return undefined;
  }
}

function addCommand(project: string | undefined, how: 'save' | 'no-save'): string {
  const has = (file: string): boolean => project !== undefined && existsSync(join(project, file));
  if (has('pnpm-workspace.yaml')) return 'pnpm add -D -w';
  if (has('pnpm-lock.yaml')) return 'pnpm add -D';
  if (has('yarn.lock')) return 'yarn add -D';
  return how === 'save' ? 'npm install -D' : 'npm install --no-save';
}

/** Quoted where a shell would read it otherwise. */
function specOf({ package: name, range }: WantedPackage): string {
  if (range === '*') return name;
  const spec = `${name}@${range}`;
  return /^[\w@/.~-]*$/.test(spec) ? spec : `"${spec}"`;
}
