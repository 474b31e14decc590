import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../packages/engine/src/util/process-identity.ts';
import { cacheFolder, stateFile } from './places.ts';

export interface StartedServer {
  readonly name: string;
  readonly version: string;
  /** Where it answers: http://127.0.0.1:…, or unix://… for the Docker Engine. */
  readonly url: string;
  readonly ports: Readonly<Record<string, number>>;
  /** What else a test has to know: files, sockets, names and passwords made for it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The path of its program. */
  readonly program: string;
  /** What it writes goes here; its output is in `log`. Empty when it is not ours. */
  readonly folder: string;
  /** Nothing when it ran before: such a one is used and never ended. */
  readonly process: ProcessIdentity | undefined;
  /** Whether it has answered. */
  readonly isReady: boolean;
}

/** What was started and not stopped since; whether it still lives is another question. */
export function readState(): readonly StartedServer[] {
  try {
    return (JSON.parse(readFileSync(stateFile, 'utf8')) as { servers: StartedServer[] }).servers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${stateFile} cannot be read. Look into it, end what it names, and delete it.`, { cause: error });
  }
}

/** Enters a server, in the place of one with the same name. */
export const enter = (server: StartedServer): void => write([...withoutName(server.name), server]);

export const strike = (name: string): void => write(withoutName(name));

const withoutName = (name: string): readonly StartedServer[] => readState().filter((server) => server.name !== name);

/** Never half a file: a reader sees the state before or the state after. */
function write(servers: readonly StartedServer[]): void {
  mkdirSync(cacheFolder, { recursive: true });
  const draft = `${stateFile}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ servers }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFile);
}
