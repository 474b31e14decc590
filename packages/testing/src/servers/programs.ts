import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Component, ServerKind } from './component.ts';
import { pythonFolder } from './state.ts';

/** The path of one of a component's programs, if it is there. */
export function findProgram(component: Component, program: string): string | undefined {
  return foldersOf(component).map((folder) => join(folder, program)).find(isExecutable);
}

export const missingPrograms = (component: Component): readonly string[] =>
  component.programs.filter((program) => findProgram(component, program) === undefined);

/** Debian has servers in sbin, which is not in the PATH of every user. */
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

/** The version that the program prints; undefined when the program does not exist. */
export async function versionOf(component: Component): Promise<string | undefined> {
  const program = findProgram(component, component.programs[0]);
  if (program === undefined) return undefined;
  const printed = await execute(program, component.versionArguments);
  return /\d+\.\d+[^\s,;)]*/.exec(printed)?.[0] ?? 'unknown';
}

/** Why a component cannot be used here, and the command to run; undefined when nothing is missing. */
export function whatIsMissing(component: Component, kind: ServerKind | undefined = component.server): string | undefined {
  const programs = missingPrograms(component);
  if (programs.length > 0) return `${programs.join(', ')} not found. Run: scripts/servers install ${component.name}`;
  if (kind?.needsRoot === true && process.getuid?.() !== 0) return 'it can only be started by root, and none runs.';
  return undefined;
}

interface Setting {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and returns its output, standard error included. @throws with the end of the output when it fails */
export async function execute(command: string, args: readonly string[], setting: Setting = {}): Promise<string> {
  const child = spawn(command, args, { ...setting, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (printed += part));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return printed;
  throw new Error(`${[command, ...args].join(' ')} failed with ${code ?? signal ?? 'nothing'}:\n${printed.trimEnd().split('\n').slice(-20).join('\n')}`);
}
