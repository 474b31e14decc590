import type { Component } from './component.ts';
import { missingPrograms, versionOf } from './programs.ts';
import { isAlive, readState } from './state.ts';

/** Prints a table of the components with their versions, and the addresses of running servers. */
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

/** Cells in columns, two spaces between them. */
function printTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
