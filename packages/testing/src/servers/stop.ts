import { readFileSync, rmSync } from 'node:fs';
import { endGroup } from '../../../engine/src/run/local/process/process-group.ts';
import { messageOf } from '../../../engine/src/util/phrases.ts';
import type { Component } from './component.ts';
import { ownGroups } from './process-groups.ts';
import { execute } from './programs.ts';
import { forgetServer, isAlive, readState, type StartedServer } from './state.ts';

/** Stops the servers that were started from here, crashed or not, and prints each. @returns false when one of them could not be stopped */
export async function stop(chosen: readonly Component[]): Promise<boolean> {
  const names = chosen.map(({ name }) => name);
  const ended = await Promise.all(readState().filter(({ name }) => names.includes(name)).map(tryToStop));
  return !ended.includes(false);
}

async function tryToStop(server: StartedServer): Promise<boolean> {
  try {
    await stopServer(server);
    console.log(server.process === undefined ? `${server.name} ran before and keeps running` : `${server.name} stopped`);
    return true;
  } catch (error) {
    console.error(`${server.name} was not stopped: ${messageOf(error)}`);
    return false;
  }
}

/** Enough for a Docker Engine, which stops its containers first. */
const graceMs = 30_000;
const leftoverGraceMs = 2_000;

/** Stops the server and the processes that it left if it crashed, and deletes its folder. A server that ran before is only forgotten. */
export async function stopServer(server: StartedServer): Promise<void> {
  if (server.process !== undefined) {
    if (isAlive(server)) await endGroup(server.process.pid, graceMs);
    for (const group of ownGroups(server.folder, server.process.pid)) await endGroup(group, leftoverGraceMs);
    await unmountBelow(server.folder);
    rmSync(server.folder, { recursive: true, force: true });
  }
  forgetServer(server.name);
}

/** A killed Docker Engine leaves the file systems of its containers mounted; deleting must not descend into them. */
async function unmountBelow(folder: string): Promise<void> {
  const places = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map((line) => line.split(' ')[4] ?? '');
  for (const place of places.filter((at) => at.startsWith(`${folder}/`)).reverse()) await execute('umount', ['--lazy', place]);
}
