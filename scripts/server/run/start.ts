import type { Component, ServerKind } from '../component.ts';
import type { StartedServer } from '../state.ts';
import { introduce } from './introduce.ts';
import { startServer } from './start-server.ts';

/** Starts those that do not run yet. One that cannot be started is told, and the others go on. False when there was one. */
export async function start(chosen: readonly Component[]): Promise<boolean> {
  const servers = chosen.flatMap((component) => (component.server === undefined ? [] : [{ component, kind: component.server }]));
  const started = await Promise.all(servers.map(({ component, kind }) => startTelling(component, kind)));
  introduce();
  return !started.includes(undefined);
}

async function startTelling(component: Component, kind: ServerKind): Promise<StartedServer | undefined> {
  try {
    const server = await startServer(component, kind);
    console.log(`${server.name} ${server.version} ${server.url}`);
    return server;
  } catch (error) {
    console.error(`${component.name} was not started: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
