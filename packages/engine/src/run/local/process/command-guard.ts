import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { orphanedGraceMs } from '../timeouts.ts';

/**
 * Starts the guard of a driver, which ends the commands of a driver that was killed: the next driver may be another machine's, or come
 * tomorrow. A small process of its own, it waits until the pipe from its driver closes. Then it sends SIGTERM, and later SIGKILL, to the
 * groups that have started and not ended by the process registry, from `offset` on, where the entries of this driver start.
 */
export function startGuard(registry: string, offset: number): ChildProcess {
  const program = `(${endOrphans.toString()})(${JSON.stringify(registry)}, ${String(offset)}, ${String(orphanedGraceMs)})`;
  // A session of its own: neither Ctrl-C nor the end of a terminal reaches it. The environment may hold secrets, and it needs none of it.
  const guard: ChildProcess = spawn(process.execPath, ['-e', program, 'relpipe-guard'], { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Where the system lets no process start, there is no pipe either, and the next driver ends what is left.
  for (const part of [guard, guard.stdin]) part?.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/** The program of the guard. It is started as text, so it can use nothing outside itself. */
function endOrphans(registry: string, offset: number, graceMs: number): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.stdin.resume().on('end', () => {
    const running = readRunning();
    sendTo(running, 'SIGTERM');
    const lookingAgain = setInterval(() => {
      sendTo(running, 0);
      if (running.size === 0) clearInterval(lookingAgain);
    }, 100);
    setTimeout(() => {
      clearInterval(lookingAgain);
      sendTo(running, 'SIGKILL');
    }, graceMs).unref();
  });

  function readRunning(): Set<number> {
    const running = new Set<number>();
    const entries = process.getBuiltinModule('node:fs').readFileSync(registry).subarray(offset).toString();
    for (const line of entries.split('\n')) {
      // A crash or a full disk may have cut off an entry.
      const [, started] = /"pid":(\d+)/.exec(line) ?? [];
      const [, ended] = /^\{"ended":(\d+)\}$/.exec(line) ?? [];
      if (started !== undefined) running.add(Number(started));
      if (ended !== undefined) running.delete(Number(ended));
    }
    return running;
  }

  function sendTo(groups: Set<number>, signal: 'SIGTERM' | 'SIGKILL' | 0): void {
    for (const leader of groups) {
      try {
        process.kill(-leader, signal);
      } catch {
        // The group has ended.
        groups.delete(leader);
      }
    }
  }
}
