import { readFileSync, rmSync } from 'node:fs';
import { endGroup } from '../../../packages/engine/src/run/local/process/process-group.ts';
import { type StartedServer, strike } from '../state.ts';
import { execute } from './execute.ts';
import { isAlive } from './is-alive.ts';
import { ownGroups } from './own-groups.ts';

/** The Docker Engine ends its containers first. */
const graceMs = 30_000;
const stragglerGraceMs = 2_000;

/** Ends the server, what it left behind if it crashed, and its folder. One that ran before us is only forgotten. */
export async function stopServer(server: StartedServer): Promise<void> {
  if (server.process !== undefined) {
    if (isAlive(server)) await endGroup(server.process.pid, graceMs);
    for (const group of ownGroups(server.folder, server.process.pid)) await endGroup(group, stragglerGraceMs);
    await unmountBelow(server.folder);
    rmSync(server.folder, { recursive: true, force: true });
  }
  strike(server.name);
}

/** A Docker Engine that was killed leaves its containers' file systems mounted; deleting must not go through them. */
async function unmountBelow(folder: string): Promise<void> {
  const places = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map((line) => line.split(' ')[4] ?? '');
  for (const place of places.filter((at) => at.startsWith(`${folder}/`)).reverse()) await execute('umount', ['--lazy', place]);
}
