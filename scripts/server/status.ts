import type { Component } from './component.ts';
import { missingPrograms } from './find-program.ts';
import { printTable } from './print-table.ts';
import { isAlive } from './run/is-alive.ts';
import { readState } from './state.ts';
import { versionOf } from './version-of.ts';

/** A table of what is there, with versions, and of what runs where. */
export async function status(chosen: readonly Component[]): Promise<boolean> {
  const rows: (readonly string[])[] = [];
  for (const component of chosen) rows.push(await rowOf(component));
  console.log(printTable([['name', 'version', 'state', 'where', 'pid', 'folder'], ...rows]));
  return true;
}

async function rowOf(component: Component): Promise<readonly string[]> {
  const started = readState().find(({ name }) => name === component.name);
  if (started !== undefined) {
    const running = started.isReady ? 'running' : 'never answered';
    const pid = String(started.process?.pid ?? 'not ours');
    return [component.name, started.version, isAlive(started) ? running : 'crashed', started.url, pid, started.folder];
  }
  const missing = missingPrograms(component);
  if (missing.length > 0) return [component.name, '-', `missing: ${missing.join(', ')}`, '', '', ''];
  return [component.name, (await versionOf(component)) ?? '-', component.server === undefined ? 'installed' : 'stopped', '', '', ''];
}
