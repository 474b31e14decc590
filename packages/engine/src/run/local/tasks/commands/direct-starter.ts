import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ProcessBook } from '../process-book.ts';
import { CommandCourse } from './command-course.ts';
import { isAbsence, type CommandStarter, type CommandToStart, type OnOutput, type StartedCommand } from './command-starter.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** This process starts the commands. A bare spawn: half the cost of a library's, and where there is no launcher a run may have any number. */
export class DirectStarter implements CommandStarter {
  readonly #book: ProcessBook;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(book: ProcessBook, environment: Readonly<Record<string, string>>) {
    this.#book = book;
    this.#environment = environment;
  }

  async start({ key, argv, cwd, env }: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined> {
    const [file = '', ...args] = argv;
    try {
      const child = this.#book.start(key, () =>
        spawn(file, args, { cwd, env: { ...this.#environment, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
      );
      if (child.pid === undefined) throw await errorOf(child);
      return { leader: child.pid, ended: follow(child, onOutput) };
    } catch (error) {
      if (isAbsence((error as NodeJS.ErrnoException).code)) return undefined;
      throw error;
    }
  }

  close(): void {
    // Whoever has begun nothing new starts nothing.
  }
}

/** Some errors are thrown, others come as an event. */
async function errorOf(child: Child): Promise<Error> {
  const [error] = (await once(child, 'error')) as [Error];
  return error;
}

function follow(child: Child, onOutput: OnOutput): StartedCommand['ended'] {
  const course = new CommandCourse(onOutput, () => [child.stdout, child.stderr].forEach(holdNobody));
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => course.prints(name, chunk)).once('close', () => course.closes(name));
  child.once('exit', (code, signal) => course.exits({ code, signal }));
  return course.ended;
}

/** Something in the background still writes to it, and this process may end all the same. */
function holdNobody(output: Readable): void {
  if (output instanceof Socket) output.unref();
}
