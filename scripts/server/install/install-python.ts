import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Component } from '../component.ts';
import { cacheFolder, pythonFolder, requirementsFile } from '../places.ts';
import { execute } from '../run/execute.ts';
import { readState } from '../state.ts';

/** The Python programs, in a virtual environment that counts only once everything is in it. */
export async function installPython(chosen: readonly Component[]): Promise<void> {
  const complete = join(pythonFolder, 'complete');
  if (existsSync(complete) || !chosen.some(({ from }) => from === 'python')) return;
  rmSync(pythonFolder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  await execute(systemPython(), ['-m', 'venv', pythonFolder]);
  await execute(join(pythonFolder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile]);
  writeFileSync(complete, '');
  removeOutdated();
}

/** Those of other requirements, unless a server runs from there. */
function removeOutdated(): void {
  const folders = readdirSync(cacheFolder).filter((name) => name.startsWith('python-')).map((name) => join(cacheFolder, name));
  const inUse = [pythonFolder, ...readState().map(({ program }) => dirname(dirname(program)))];
  for (const folder of folders) if (!inUse.includes(folder)) rmSync(folder, { recursive: true });
}

/** The system's own, so that the environment outlives whatever else calls itself python3. */
const systemPython = (): string => (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
