import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../../engine/src/util/phrases.ts';
import type { Component } from './component.ts';
import { installDebian } from './install-debian.ts';
import { execute, missingPrograms, versionOf } from './programs.ts';
import { cacheFolder, pythonFolder, readState, requirementsFile } from './state.ts';

/** Installs the components that are missing, and prints the version of each. @returns false when an installation failed or one is still missing */
export async function install(chosen: readonly Component[]): Promise<boolean> {
  // A failure of one half does not prevent the other.
  const errors = [await errorOf(() => installDebian(chosen)), await errorOf(() => installPython(chosen))];
  for (const component of chosen) console.log(`${component.name} ${await versionOrMissing(component)}`);
  for (const error of errors) if (error !== undefined) console.error(error);
  return errors.every((error) => error === undefined) && chosen.every((component) => missingPrograms(component).length === 0);
}

async function errorOf(installPart: () => Promise<void>): Promise<string | undefined> {
  try {
    await installPart();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function versionOrMissing(component: Component): Promise<string> {
  const missing = missingPrograms(component);
  if (missing.length > 0) return `is missing: ${missing.join(', ')}`;
  return (await versionOf(component)) ?? '';
}

/** Installs the Python programs in a virtual environment, which is used only when it is complete. */
async function installPython(chosen: readonly Component[]): Promise<void> {
  const complete = join(pythonFolder, 'complete');
  if (existsSync(complete) || !chosen.some(({ from }) => from === 'python')) return;
  rmSync(pythonFolder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  await execute(systemPython(), ['-m', 'venv', pythonFolder]);
  await execute(join(pythonFolder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirementsFile]);
  writeFileSync(complete, '');
  removeOutdatedEnvironments();
}

/** Removes the environments of other requirements, unless a server runs from there. */
function removeOutdatedEnvironments(): void {
  const folders = readdirSync(cacheFolder).filter((name) => name.startsWith('python-')).map((name) => join(cacheFolder, name));
  const inUse = [pythonFolder, ...readState().map(({ program }) => dirname(dirname(program)))];
  for (const folder of folders) if (!inUse.includes(folder)) rmSync(folder, { recursive: true });
}

/** Of the system, so that the environment survives a change of other installations of Python. */
const systemPython = (): string => (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
