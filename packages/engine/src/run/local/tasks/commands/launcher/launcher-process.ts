import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { findPackageJSON } from 'node:module';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { identifyProcess } from '../../../lease/process-identity.ts';
import { entriesToFill, readProcessBook, type ProcessBook } from '../../process-book.ts';
import { CommandCourse } from '../command-course.ts';
import { CommandLost, isAbsence, type CommandToStart, type EndedCommand, type OnOutput, type StartedCommand } from '../command-starter.ts';
import { orderFrame, ReportReader, type OrderPart, type Report } from './frame.ts';

export interface LauncherDeps {
  readonly book: ProcessBook;
  /** What all commands start from. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends what runs of a command that the launcher can no longer tell about. */
  readonly endLeftOver: (command: CommandToStart) => Promise<void>;
}

/** A small process that starts commands for this one. */
export class LauncherProcess {
  readonly #deps: LauncherDeps;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #reader = new ReportReader();
  readonly #commands = new Map<number, Commanded>();
  readonly #heard = Promise.withResolvers<undefined>();
  #numbers = 0;
  #lost: string | undefined;

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
    this.#child = startProgram(deps.book.path);
    // Booked before it gets an order: what it starts late, when this process has been killed, ends before anything is repeated.
    if (this.#child.pid !== undefined) deps.book.startedLauncher(identifyProcess(this.#child.pid));
    this.#child.once('error', ({ message }) => this.#lose(message));
    this.#child.once('close', (code, signal) => this.#lose(signal ?? `exit code ${code}`));
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#reader.push(chunk).forEach((report) => this.#hear(report)));
    this.#order('environment', Object.entries(deps.environment).flat());
  }

  /** When it has said that it lives, or turned out not to. */
  get ready(): Promise<undefined> {
    return this.#heard.promise;
  }

  get isAlive(): boolean {
    return this.#lost === undefined;
  }

  start(command: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined> {
    const { key, cwd, argv, env } = command;
    const number = (this.#numbers += 1);
    const commanded = new Commanded(command, new CommandCourse(onOutput, () => this.#order('leave', String(number))));
    this.#commands.set(number, commanded);
    commanded.course.ended.finally(() => this.#commands.delete(number)).catch(() => undefined);
    this.#order('start', String(number), ...entriesToFill(key), cwd, argv, Object.entries(env).flat());
    return commanded.started;
  }

  /** At once. What it has just started is known from the book, before it could say so. */
  kill(): void {
    this.#child.kill('SIGKILL');
    const unheard = new Set([...this.#commands.values()].filter(({ isStarting }) => isStarting).map(({ command }) => command.key));
    for (const { key, leader } of readProcessBook(this.#deps.book.path).groups) if (unheard.has(key)) this.#deps.book.adopt(leader.pid);
  }

  #order(...parts: readonly OrderPart[]): void {
    this.#child.stdin.write(orderFrame(...parts));
  }

  #hear({ kind, command, payload }: Report): void {
    if (kind === 'ready') return this.#heard.resolve(undefined);
    const commanded = this.#commands.get(command);
    switch (kind) {
      case 'started': {
        const leader = Number(payload);
        this.#deps.book.adopt(leader);
        return commanded?.hasStarted(leader);
      }
      case 'failed':
        this.#commands.delete(command);
        return commanded?.hasFailed(getSystemErrorName(-Number(payload)));
      case 'stdout':
      case 'stderr':
        return payload.length > 0 ? commanded?.course.prints(kind, payload) : commanded?.course.closes(kind);
      case 'exited':
        return commanded?.course.exits(endOf(payload));
    }
  }

  /** Everything it has said has been heard. */
  #lose(how: string): void {
    this.#lost = `the process that starts commands ended (${how})`;
    this.#heard.resolve(undefined);
    for (const commanded of this.#commands.values()) void this.#endLost(commanded, new CommandLost(this.#lost));
    this.#commands.clear();
  }

  async #endLost(commanded: Commanded, lost: CommandLost): Promise<void> {
    await this.#deps.endLeftOver(commanded.command);
    commanded.isLost(lost);
  }
}

/** A command that was asked for. */
class Commanded {
  readonly command: CommandToStart;
  readonly course: CommandCourse;
  isStarting = true;
  readonly #started = Promise.withResolvers<StartedCommand | undefined>();

  constructor(command: CommandToStart, course: CommandCourse) {
    this.command = command;
    this.course = course;
  }

  get started(): Promise<StartedCommand | undefined> {
    return this.#started.promise;
  }

  hasStarted(leader: number): void {
    this.isStarting = false;
    this.#started.resolve({ leader, ended: this.course.ended });
  }

  hasFailed(error: string): void {
    if (isAbsence(error)) this.#started.resolve(undefined);
    else this.#started.reject(new Error(`spawn ${error}`));
  }

  isLost(because: Error): void {
    this.#started.reject(because);
    this.course.isLost(because);
  }
}

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]));

function endOf(payload: Buffer): EndedCommand {
  const [code = 0, number = 0] = payload;
  const signal = signals.get(number);
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}

/** In a session of its own, so that a terminal's signals do not reach it; and it must keep nobody waiting. */
function startProgram(bookFile: string): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn('perl', [programFile(), bookFile, String(process.pid)], { env: ownEnvironment(), detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  child.unref();
  for (const channel of [child.stdin, child.stdout]) if (channel instanceof Socket) channel.unref();
  return child;
}

function programFile(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error(`${import.meta.url} belongs to no package.`);
  return join(dirname(manifest), import.meta.url.endsWith('.ts') ? 'src/run/local/tasks/commands/launcher/program' : 'dist', 'launcher.pl');
}

/** What is needed to find it and its libraries: all else is for the commands, and does not concern it. */
const ownEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => name === 'PATH' || name.startsWith('LD_')));
