import type { Component } from '../component.ts';
import { readState } from '../state.ts';
import { stopServer } from './stop-server.ts';

/** Ends what was started from here, crashed or not. */
export async function stop(chosen: readonly Component[]): Promise<boolean> {
  const names = chosen.map(({ name }) => name);
  const ended = await Promise.all(readState().filter(({ name }) => names.includes(name)).map(stopTelling));
  return !ended.includes(false);
}

async function stopTelling(server: ReturnType<typeof readState>[number]): Promise<boolean> {
  try {
    await stopServer(server);
    console.log(server.process === undefined ? `${server.name} ran before and goes on` : `${server.name} stopped`);
    return true;
  } catch (error) {
    console.error(`${server.name} was not stopped: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
