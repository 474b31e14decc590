import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { lookUpProcess, type ProcessIdentity } from '../../../engine/src/util/process-identity.ts';

export interface StartedServer {
  readonly name: string;
  readonly version: string;
  /** The address at which it answers: http://127.0.0.1:…, or unix://… for the Docker Engine. */
  readonly url: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Files, sockets, names and passwords made for it, for tests. */
  readonly settings: Readonly<Record<string, string>>;
  /** The path of its program. */
  readonly program: string;
  /** Its working directory, with its output in `log`. Empty for a server that ran before. */
  readonly folder: string;
  /** Undefined for a server that ran before: it is used and never stopped. */
  readonly process: ProcessIdentity | undefined;
  /** Whether it has answered since its start. */
  readonly isReady: boolean;
}

/** Servers that were started and not stopped since; `isAlive` says whether one still runs. */
export function readState(): readonly StartedServer[] {
  try {
    return (JSON.parse(readFileSync(stateFile, 'utf8')) as { servers: StartedServer[] }).servers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${stateFile} cannot be read. Stop the processes that it names, then delete it.`, { cause: error });
  }
}

/** Records a server, in place of one with the same name. */
export const recordServer = (server: StartedServer): void => write([...withoutName(server.name), server]);

export const forgetServer = (name: string): void => write(withoutName(name));

const withoutName = (name: string): readonly StartedServer[] => readState().filter((server) => server.name !== name);

/** A reader finds the previous state or the new one, never a part. */
function write(servers: readonly StartedServer[]): void {
  mkdirSync(cacheFolder, { recursive: true });
  const draft = `${stateFile}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ servers }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFile);
}

/** The folder of the state file and of the Python programs. The variable RELPIPE_SERVERS names another one. */
export const cacheFolder =
  process.env['RELPIPE_SERVERS'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'relpipe-servers');

const stateFile = join(cacheFolder, 'state.json');

export const requirementsFile = join(import.meta.dirname, 'requirements.txt');

/** Each version of the requirements has a folder of its own, so that a complete one stays complete. */
export const pythonFolder = join(cacheFolder, `python-${createHash('sha256').update(readFileSync(requirementsFile)).digest('hex').slice(0, 12)}`);

/** Whether the process that was started still runs; for a server that ran before, whether its socket still exists. */
export function isAlive(server: StartedServer): boolean {
  if (server.process === undefined) return existsSync(server.url.replace(/^unix:\/\//, ''));
  return lookUpProcess(server.process) === 'alive';
}
