import { components } from '../../scripts/server/table.ts';
import type { Component } from '../../scripts/server/component.ts';
import { isAlive } from '../../scripts/server/run/is-alive.ts';
import { whatIsMissing } from '../../scripts/server/run/what-is-missing.ts';
import { findProgram } from '../../scripts/server/find-program.ts';
import { readState, type StartedServer } from '../../scripts/server/state.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why the test was skipped, and the command that changes it; the closing lines tell each sentence once. */
    missing?: string;
  }
}

/** A real server that `scripts/servers start` has started and that lives. */
const serverOf = (name: string): StartedServer | undefined =>
  readState().find((server) => server.name === name && server.isReady && isAlive(server));

/** The path of a tool's program, as `scripts/servers install` put it there. */
export function programOf(name: string, program?: string): string {
  const component = componentOf(name);
  const path = findProgram(component, program ?? component.programs[0]);
  if (path === undefined) throw new Error(`${name}: ${program ?? component.programs[0]} is not there.`);
  return path;
}

/** What keeps this server or tool from being used, with the command that brings it; undefined when nothing does. */
function missing(name: string): string | undefined {
  const component = componentOf(name);
  if (component.server !== undefined && serverOf(name) !== undefined) return undefined;
  const lacking = whatIsMissing(component);
  if (lacking !== undefined) return `${name}: ${lacking}`;
  return component.server === undefined ? undefined : `${name} does not run. Run: scripts/servers start ${name}`;
}

interface Needing {
  readonly skip: boolean;
  readonly meta: { readonly missing?: string };
  readonly timeout: number;
}

/** Options for a test of real servers: skipped, with the reason, while one of them is missing. They have time, being real. */
export function needing(...names: readonly string[]): Needing {
  const sentences = names.flatMap((name) => missing(name) ?? []);
  const meta = sentences.length === 0 ? {} : { missing: sentences.join('\n') };
  return { skip: sentences.length > 0, meta, timeout: 60_000 };
}

/** The server as it runs; only for tests that were not skipped. */
export function givenServer(name: string): StartedServer {
  const server = serverOf(name);
  if (server === undefined) throw new Error(missing(name) ?? `${name} has ended.`);
  return server;
}

function componentOf(name: string): Component {
  const component = components.find((one) => one.name === name);
  if (component === undefined) throw new Error(`scripts/servers knows no ${name}.`);
  return component;
}
