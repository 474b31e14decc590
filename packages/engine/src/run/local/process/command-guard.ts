import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { orphanedGraceMs } from '../timeouts.ts';

/**
 * Starts the guard of a driver, which ends the commands of a driver that was killed: the next driver may be another machine's, or come
 * tomorrow. A small process of its own, it waits until the pipe from its driver closes. Then it sends SIGTERM, and later SIGKILL, to the
 * groups that have started and not ended, and to their daemons, by the process registry, from `offset` on, where the entries of this driver start.
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
  const { readFileSync, readdirSync } = process.getBuiltinModule('node:fs');
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.stdin.resume().on('end', () => {
    const running = readRunning();
    const targets = new Set([...[...running.keys()].map((leader) => -leader), ...findDaemons(new Set(running.values()))]);
    sendTo(targets, 'SIGTERM');
    const lookingAgain = setInterval(() => {
      sendTo(targets, 0);
      if (targets.size === 0) clearInterval(lookingAgain);
    }, 100);
    setTimeout(() => {
      clearInterval(lookingAgain);
      sendTo(targets, 'SIGKILL');
    }, graceMs).unref();
  });

  /** The op of each group that runs, by its leader. */
  function readRunning(): Map<number, string> {
    const running = new Map<number, string>();
    for (const line of readFileSync(registry).subarray(offset).toString().split('\n')) {
      const entry = readEntry(line);
      if (entry.started !== undefined && entry.leader !== undefined) running.set(entry.leader.pid, entry.started);
      if (entry.ended !== undefined) running.delete(entry.ended);
    }
    return running;
  }

  /** A crash or a full disk may have cut off an entry. */
  function readEntry(line: string): { readonly started?: string; readonly leader?: { readonly pid: number }; readonly ended?: number } {
    try {
      return JSON.parse(line) as ReturnType<typeof readEntry>;
    } catch {
      return {};
    }
  }

  /** What has left its group is recognized by its variables; Linux only. */
  function findDaemons(ops: Set<string>): number[] {
    const run = registry.split('/').at(-2) ?? '';
    try {
      return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOf(run, ops, name)).map(Number);
    } catch {
      return [];
    }
  }

  function isOf(run: string, ops: Set<string>, pid: string): boolean {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return variables.includes(`RELPIPE_RUN_ID=${run}`) && variables.some((one) => one.startsWith('RELPIPE_OP=') && ops.has(one.slice('RELPIPE_OP='.length)));
    } catch {
      return false;
    }
  }

  /** A number below zero is that of a group. */
  function sendTo(targets: Set<number>, signal: 'SIGTERM' | 'SIGKILL' | 0): void {
    for (const target of targets) {
      try {
        process.kill(target, signal);
      } catch {
        // It has ended.
        targets.delete(target);
      }
    }
  }
}
