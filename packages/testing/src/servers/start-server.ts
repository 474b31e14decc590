import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../engine/src/util/process-identity.ts';
import { freePort } from '../free-port.ts';
import type { Component, Launch, Place, ServerKind } from './component.ts';
import { folderVariable } from './process-groups.ts';
import { findProgram, versionOf, whatIsMissing } from './programs.ts';
import { waitUntilReady } from './ready.ts';
import { isAlive, readState, recordServer, type StartedServer } from './state.ts';
import { stopServer } from './stop.ts';

/** The server of a component, started unless it is running already. @throws with the end of its log when it does not start */
export async function startServer(component: Component, kind: ServerKind): Promise<StartedServer> {
  const before = readState().find(({ name }) => name === component.name);
  if (before?.process !== undefined && before.isReady && isAlive(before)) return before;
  if (before !== undefined) await stopServer(before);

  const found = await kind.findRunning?.();
  if (found !== undefined) return recordFound(component, found);
  const missing = whatIsMissing(component, kind);
  if (missing !== undefined) throw new Error(missing);
  return startNew(component, kind);
}

function recordFound({ name, programs }: Component, found: { readonly url: string; readonly version: string }): StartedServer {
  const settings = { socket: found.url.replace(/^unix:\/\//, '') };
  const server = { name, ...found, ports: {}, settings, program: programs[0], folder: '', process: undefined, isReady: true };
  recordServer(server);
  return server;
}

async function startNew(component: Component, kind: ServerKind): Promise<StartedServer> {
  const ports = Object.fromEntries(await Promise.all(kind.ports.map(async (use) => [use, await freePort()] as const)));
  const place: Place = {
    folder: mkdtempSync(join(tmpdir(), `relpipe-${component.name}-`)),
    program: findProgram(component, component.programs[0]) ?? component.programs[0],
    port: (use) => ports[use] ?? unknownPort(component.name, use),
  };
  try {
    const [version = 'unknown', launch] = await Promise.all([versionOf(component), kind.prepare(place)]);
    const server = spawnServer({ name: component.name, version, ports, ...place }, launch);
    return await finishStart(server, launch);
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server that does not become ready is stopped. */
async function finishStart(server: StartedServer, { answers, configure }: Launch): Promise<StartedServer> {
  try {
    await waitUntilReady(server, answers);
    await configure?.();
  } catch (error) {
    await stopServer(server);
    throw error;
  }
  const ready = { ...server, isReady: true };
  recordServer(ready);
  return ready;
}

/** It is recorded as soon as it runs, so that it can be found and stopped whatever happens to this program next. */
function spawnServer(
  { name, version, ports, folder, program }: Pick<StartedServer, 'name' | 'version' | 'ports' | 'folder' | 'program'>,
  { arguments: args, url, settings = {} }: Launch,
): StartedServer {
  const log = openSync(join(folder, 'log'), 'a');
  const env = { ...process.env, [folderVariable]: folder };
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} cannot be run.`);
  const server = { name, version, url, ports, settings, program, folder, process: identifyProcess(child.pid), isReady: false };
  recordServer(server);
  return server;
}

function unknownPort(name: string, use: string): never {
  throw new Error(`${name} does not list a port for ${use}.`);
}
