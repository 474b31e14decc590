import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { guardAfterMs, orphanedGraceMs } from '../timeouts.ts';

/**
 * Ends the commands of a driver that was killed: the next driver may be another machine's, or come tomorrow. A small process of its own
 * learns of every command, waits until the pipe from its driver closes, and sends SIGTERM, and later SIGKILL, to the groups that still
 * run. It starts only when commands run for longer than a moment; what it misses, the next driver finds in the registry.
 */
export class CommandGuard {
  readonly #running = new Set<number>();
  #process: ChildProcess | undefined;
  #start: NodeJS.Timeout | undefined;

  started(leader: number): void {
    this.#running.add(leader);
    if (this.#process) this.#tell({ started: leader });
    else this.#start ??= setTimeout(() => this.#startProcess(), guardAfterMs).unref();
  }

  /** What the command left in the background is none of its business any more. */
  ended(leader: number): void {
    this.#running.delete(leader);
    this.#tell({ ended: leader });
  }

  close(): void {
    clearTimeout(this.#start);
    this.#process?.stdin?.end();
    this.#process = undefined;
  }

  #startProcess(): void {
    this.#start = undefined;
    if (this.#running.size === 0) return;
    this.#process = startGuard();
    for (const leader of this.#running) this.#tell({ started: leader });
  }

  #tell(change: Change): void {
    this.#process?.stdin?.write(`${JSON.stringify(change)}\n`);
  }
}

type Change = { readonly started: number } | { readonly ended: number };

function startGuard(): ChildProcess {
  const program = `(${guardCommands.toString()})(${String(orphanedGraceMs)})`;
  // A session of its own: neither Ctrl-C nor the end of a terminal reaches it. The environment may hold secrets, and it needs none of it.
  const guard: ChildProcess = spawn(process.execPath, ['-e', program, 'relpipe-guard'], { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Where the system lets no process start, there is no pipe either, and the registry has to be enough.
  for (const part of [guard, guard.stdin]) part?.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/**
 * The program of the guard. It is started as text, so it can use nothing outside itself. A group that was seen to end is dropped at once,
 * so that a later one with the same number is safe.
 */
function guardCommands(graceMs: number): void {
  const running = new Set<number>();
  let unread = '';
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) {
      const change = JSON.parse(line) as Change;
      if ('started' in change) running.add(change.started);
      else running.delete(change.ended);
    }
  });
  process.stdin.on('end', () => {
    sendToAll('SIGTERM');
    const lookingAgain = setInterval(() => {
      sendToAll(0);
      if (running.size === 0) clearInterval(lookingAgain);
    }, 100);
    setTimeout(() => {
      clearInterval(lookingAgain);
      sendToAll('SIGKILL');
    }, graceMs).unref();
  });

  function sendToAll(signal: 'SIGTERM' | 'SIGKILL' | 0): void {
    for (const leader of running) {
      try {
        process.kill(-leader, signal);
      } catch {
        // The group has ended.
        running.delete(leader);
      }
    }
  }
}
