import type { Component } from './servers/component.ts';
import { components } from './servers/components.ts';
import { findProgram, whatIsMissing } from './servers/programs.ts';
import { isAlive, readState, type StartedServer } from './servers/state.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped, and the command to run; the closing lines print each sentence once. */
    missing?: string;
  }
}

interface Needing {
  readonly skip: boolean;
  readonly meta: { readonly missing?: string };
  readonly timeout: number;
}

/** Options for a test that needs real servers or tools: skipped, with the reason, while one of them is missing. Its time limit is 60 s. */
export function needing(...names: readonly string[]): Needing {
  const sentences = names.flatMap((name) => missing(name) ?? []);
  const meta = sentences.length === 0 ? {} : { missing: sentences.join('\n') };
  return { skip: sentences.length > 0, meta, timeout: 60_000 };
}

/** The running server of a component; only for tests that were not skipped. */
export function givenServer(name: string): StartedServer {
  const server = serverOf(name);
  if (server === undefined) throw new Error(missing(name) ?? `${name} has exited.`);
  return server;
}

/** The path of a program of a component, as `scripts/servers install` installed it. */
export function programOf(name: string, program?: string): string {
  const component = componentOf(name);
  const path = findProgram(component, program ?? component.programs[0]);
  if (path === undefined) throw new Error(`${name}: there is no ${program ?? component.programs[0]}.`);
  return path;
}

/** Why a server or tool cannot be used, with the command to run; undefined when it can. */
function missing(name: string): string | undefined {
  const component = componentOf(name);
  if (component.server !== undefined && serverOf(name) !== undefined) return undefined;
  const reason = whatIsMissing(component);
  if (reason !== undefined) return `${name}: ${reason}`;
  return component.server === undefined ? undefined : `${name} does not run. Run: scripts/servers start ${name}`;
}

const serverOf = (name: string): StartedServer | undefined =>
  readState().find((server) => server.name === name && server.isReady && isAlive(server));

function componentOf(name: string): Component {
  const component = components.find((one) => one.name === name);
  if (component === undefined) throw new Error(`scripts/servers does not know ${name}.`);
  return component;
}
