import type { OpKey } from '../../../core/op.ts';

/** Starts the commands of `run:` steps, each in a process group of its own and booked, without standard input. */
export interface CommandStarter {
  /** Undefined when there is no such program or folder, or none that may be used. Rejects with `CommandLost` when nobody can tell any more how it ended. */
  start(command: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined>;
  /** From now on nothing is started. */
  close(): void;
}

export interface CommandToStart {
  /** In whose name it is booked. */
  readonly key: OpKey;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Beside the environment that all commands of the run start from. */
  readonly env: Readonly<Record<string, string>>;
}

export interface StartedCommand {
  /** The number of its process, which is its group's. */
  readonly leader: number;
  /** When it has ended and all of its output has been told. Rejects with `CommandLost`. */
  readonly ended: Promise<EndedCommand>;
}

/** `code`, or the signal that killed it. */
export interface EndedCommand {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type OutputName = 'stdout' | 'stderr';

/** Takes output as it comes; while it does, no more is read. */
export type OnOutput = (name: OutputName, chunk: Buffer) => void;

/** Whether a start failed because there is no such program or folder, or none that may be used. */
export const isAbsence = (code: string | undefined): boolean => code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';

/** Who started the command has died; nothing of it runs any more. */
export class CommandLost extends Error {
  constructor(because: string) {
    super(`${because}; what this attempt had started was ended with it`);
    this.name = 'CommandLost';
  }
}
