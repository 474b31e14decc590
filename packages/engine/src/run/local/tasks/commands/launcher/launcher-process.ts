import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { findPackageJSON } from 'node:module';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { identifyProcess } from '../../../lease/process-identity.ts';
import { readProcessBook, type ProcessBook } from '../../process-book.ts';
import { CommandLost, type CommandToStart, type EndedCommand, type OnOutput, type StartedCommand } from '../command-starter.ts';
import { FrameReader, messageFrame, type Frame } from './frame.ts';
import type { Order, Report } from './message.ts';

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
  readonly #reader = new FrameReader();
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
    this.#child.stdout.on('data', (chunk: Buffer) => this.#reader.push(chunk).forEach((frame) => this.#hear(frame)));
    this.#order(0, { environment: deps.environment });
  }

  /** When it has said that it lives, or turned out not to. */
  get ready(): Promise<undefined> {
    return this.#heard.promise;
  }

  get isAlive(): boolean {
    return this.#lost === undefined;
  }

  start(command: CommandToStart, onOutput: OnOutput): Promise<StartedCommand | undefined> {
    const number = (this.#numbers += 1);
    const commanded = new Commanded(command, onOutput);
    this.#commands.set(number, commanded);
    this.#order(number, { start: command });
    return commanded.started;
  }

  /** At once. What it has just started is known from the book, before it could say so. */
  kill(): void {
    this.#child.kill('SIGKILL');
    const unheard = new Set([...this.#commands.values()].filter(({ isStarting }) => isStarting).map(({ command }) => command.key));
    for (const { key, leader } of readProcessBook(this.#deps.book.path).groups) if (unheard.has(key)) this.#deps.book.adopt(leader.pid);
  }

  #order(number: number, order: Order): void {
    this.#child.stdin.write(messageFrame(number, order));
  }

  #hear({ kind, command, payload }: Frame): void {
    const commanded = this.#commands.get(command);
    if (kind === 'message') this.#hearReport(command, commanded, JSON.parse(payload.toString()) as Report);
    else void commanded?.onOutput(kind, payload);
  }

  #hearReport(number: number, commanded: Commanded | undefined, report: Report): void {
    if ('ready' in report) return this.#heard.resolve(undefined);
    if ('started' in report && report.started.leader !== undefined) {
      this.#deps.book.adopt(report.started.leader);
      return commanded?.hasStarted(report.started.leader);
    }
    this.#commands.delete(number);
    if ('ended' in report) commanded?.hasEnded(report.ended);
    else if ('refused' in report) commanded?.isLost(new Error(report.refused));
    else commanded?.cannotStart();
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

/** A command on its way: asked for, started, ended. */
class Commanded {
  readonly command: CommandToStart;
  readonly onOutput: OnOutput;
  isStarting = true;
  readonly #started = Promise.withResolvers<StartedCommand | undefined>();
  readonly #ended = Promise.withResolvers<EndedCommand>();

  constructor(command: CommandToStart, onOutput: OnOutput) {
    this.command = command;
    this.onOutput = onOutput;
    // Nobody waits for the end of what has not started.
    this.#ended.promise.catch(() => undefined);
  }

  get started(): Promise<StartedCommand | undefined> {
    return this.#started.promise;
  }

  hasStarted(leader: number): void {
    this.isStarting = false;
    this.#started.resolve({ leader, ended: this.#ended.promise });
  }

  cannotStart(): void {
    this.#started.resolve(undefined);
  }

  hasEnded(end: EndedCommand): void {
    this.#ended.resolve(end);
  }

  isLost(because: Error): void {
    this.#started.reject(because);
    this.#ended.reject(because);
  }
}

/** In a session of its own, so that a terminal's signals do not reach it; and it must keep nobody waiting. */
function startProgram(bookFile: string): ChildProcessByStdio<Writable, Readable, null> {
  const argv = [...smallNode, programFile(), bookFile, String(process.pid)];
  const child = spawn(process.execPath, argv, { env: linkerEnvironment(), detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  child.unref();
  for (const channel of [child.stdin, child.stdout]) if (channel instanceof Socket) channel.unref();
  return child;
}

const smallNode = ['--max-semi-space-size=1', '--v8-pool-size=0'];

function programFile(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error(`${import.meta.url} belongs to no package.`);
  return join(dirname(manifest), import.meta.url.endsWith('.ts') ? 'src/run/local/tasks/commands/launcher/bin.ts' : 'dist/launcher/bin.js');
}

/** What Node.js may need to find its own libraries: all else is for the commands, and does not concern it. */
const linkerEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('LD_') || name.startsWith('DYLD_')));
