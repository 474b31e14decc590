import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Component } from './component.ts';
import { pythonFolder } from './places.ts';

/** The path of one of a component's programs, if it is there. */
export function findProgram(component: Component, program: string): string | undefined {
  return foldersOf(component).map((folder) => join(folder, program)).find(isExecutable);
}

export const missingPrograms = (component: Component): readonly string[] =>
  component.programs.filter((program) => findProgram(component, program) === undefined);

/** Debian's servers lie in sbin, which is not on everybody's path. */
function foldersOf(component: Component): readonly string[] {
  if (component.from === 'python') return [join(pythonFolder, 'bin')];
  return ['/usr/sbin', '/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/sbin'];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
