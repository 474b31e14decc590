import type { Component } from './component.ts';
import { findProgram } from './find-program.ts';
import { execute } from './run/execute.ts';

/** The version the program itself tells, or undefined when it is not there. */
export async function versionOf(component: Component): Promise<string | undefined> {
  const program = findProgram(component, component.programs[0]);
  if (program === undefined) return undefined;
  const said = await execute(program, component.versionArguments);
  return /\d+\.\d+[^\s,;)]*/.exec(said)?.[0] ?? 'unknown';
}
