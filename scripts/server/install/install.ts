import type { Component } from '../component.ts';
import { missingPrograms } from '../find-program.ts';
import { versionOf } from '../version-of.ts';
import { installDebian } from './install-debian.ts';
import { installPython } from './install-python.ts';

/** Brings what is missing, and tells each version. False when something went wrong or is missing still. */
export async function install(chosen: readonly Component[]): Promise<boolean> {
  const troubles = [await tryTo(() => installDebian(chosen)), await tryTo(() => installPython(chosen))];
  for (const component of chosen) console.log(`${component.name} ${await versionToTell(component)}`);
  for (const trouble of troubles) if (trouble !== undefined) console.error(trouble);
  return troubles.every((trouble) => trouble === undefined) && chosen.every((component) => missingPrograms(component).length === 0);
}

/** What one half cannot bring does not keep the other from coming. */
async function tryTo(bring: () => Promise<void>): Promise<string | undefined> {
  try {
    await bring();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function versionToTell(component: Component): Promise<string> {
  const missing = missingPrograms(component);
  if (missing.length > 0) return `is missing: ${missing.join(', ')}`;
  return (await versionOf(component)) ?? '';
}
