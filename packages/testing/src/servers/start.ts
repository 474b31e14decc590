import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../engine/src/util/phrases.ts';
import type { Component, ServerKind } from './component.ts';
import { startServer } from './start-server.ts';
import { isAlive, readState, type StartedServer } from './state.ts';

/** Starts the servers that do not run yet, and prints each. @returns false when one of them could not be started */
export async function start(chosen: readonly Component[]): Promise<boolean> {
  const servers = chosen.flatMap((component) => (component.server === undefined ? [] : [{ component, kind: component.server }]));
  const started = await Promise.all(servers.map(({ component, kind }) => tryToStart(component, kind)));
  registerTargets();
  return !started.includes(undefined);
}

async function tryToStart(component: Component, kind: ServerKind): Promise<StartedServer | undefined> {
  try {
    const server = await startServer(component, kind);
    console.log(`${server.name} ${server.version} ${server.url}`);
    return server;
  } catch (error) {
    console.error(`${component.name} was not started: ${messageOf(error)}`);
    return undefined;
  }
}

/** Configures Prometheus with the addresses of the Alertmanager and the Pushgateway. */
function registerTargets(): void {
  const running = new Map(readState().filter(isAlive).map((server) => [server.name, server]));
  const { targets, alertmanagers } = running.get('prometheus')?.settings ?? {};
  if (targets === undefined || alertmanagers === undefined) return;
  writeTargets(join(alertmanagers, 'started.json'), running.get('alertmanager'));
  writeTargets(join(targets, 'pushgateway.json'), running.get('pushgateway'));
}

/** By renaming, because Prometheus reads the file as soon as it changes. */
function writeTargets(file: string, server: StartedServer | undefined): void {
  const hosts = server === undefined ? [] : [new URL(server.url).host];
  writeFileSync(`${file}.draft`, JSON.stringify([{ targets: hosts }]));
  renameSync(`${file}.draft`, file);
}
