import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../packages/engine/src/util/process-identity.ts';
import type { Component, Launch, Place, ServerKind } from '../component.ts';
import { findProgram } from '../find-program.ts';
import { enter, readState, type StartedServer } from '../state.ts';
import { versionOf } from '../version-of.ts';
import { freePort } from './free-port.ts';
import { isAlive } from './is-alive.ts';
import { folderVariable } from './own-groups.ts';
import { stopServer } from './stop-server.ts';
import { waitForAnswer } from './wait-for-answer.ts';
import { whatIsMissing } from './what-is-missing.ts';

/** The server as it runs: already, or from now on. Throws with the end of its log when it does not come up. */
export async function startServer(component: Component, kind: ServerKind): Promise<StartedServer> {
  const before = readState().find(({ name }) => name === component.name);
  if (before?.process !== undefined && before.isReady && isAlive(before)) return before;
  if (before !== undefined) await stopServer(before);

  const found = await kind.findRunning?.();
  if (found !== undefined) return enterFound(component, found);
  const missing = whatIsMissing(component, kind);
  if (missing !== undefined) throw new Error(missing);
  return startAnew(component, kind);
}

function enterFound({ name, programs }: Component, found: { readonly url: string; readonly version: string }): StartedServer {
  const settings = { socket: found.url.replace(/^unix:\/\//, '') };
  const server = { name, ...found, ports: {}, settings, program: programs[0], folder: '', process: undefined, isReady: true };
  enter(server);
  return server;
}

async function startAnew(component: Component, kind: ServerKind): Promise<StartedServer> {
  const ports = Object.fromEntries(await Promise.all(kind.ports.map(async (use) => [use, await freePort()] as const)));
  const place: Place = {
    folder: mkdtempSync(join(tmpdir(), `relpipe-${component.name}-`)),
    program: findProgram(component, component.programs[0]) ?? component.programs[0],
    port: (use) => ports[use] ?? unknownPort(component.name, use),
  };
  try {
    const [version = 'unknown', launch] = await Promise.all([versionOf(component), kind.prepare(place)]);
    const server = spawnServer({ name: component.name, version, ports, ...place }, launch);
    return await settle(server, launch);
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true });
    throw error;
  }
}

/** One that does not come up is ended. */
async function settle(server: StartedServer, { answers, furnish }: Launch): Promise<StartedServer> {
  try {
    await waitForAnswer(server, answers);
    await furnish?.();
  } catch (error) {
    await stopServer(server);
    throw error;
  }
  const ready = { ...server, isReady: true };
  enter(ready);
  return ready;
}

/** Entered the moment it runs, so that it can be found and ended whatever happens to this program next. */
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
  enter(server);
  return server;
}

function unknownPort(name: string, use: string): never {
  throw new Error(`${name} lists no port for ${use}.`);
}
