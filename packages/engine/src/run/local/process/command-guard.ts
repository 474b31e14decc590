import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { orphanedGraceMs } from '../timeouts.ts';

/**
 * Ends the commands of a driver that was killed: the next driver may be another machine's, or come tomorrow. A small process that learns
 * of every command, waits until the pipe from its driver closes, and sends SIGTERM, and later SIGKILL, to the groups that still run. In the
 * shell, because it starts at once and takes little memory; where none starts, the next driver finds the commands in the registry.
 */
export class CommandGuard {
  readonly #process: ChildProcess;

  constructor() {
    const seconds = String(orphanedGraceMs / 1_000);
    // A session of its own: neither Ctrl-C nor the end of a terminal reaches it. Of the environment, which may hold secrets, it needs no more.
    this.#process = spawn('sh', ['-c', script, 'relpipe-guard', seconds], {
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const { stdin } = this.#process;
    for (const part of [this.#process, stdin]) part?.on('error', () => undefined);
    this.#process.unref();
    if (stdin instanceof Socket) stdin.unref();
  }

  started(leader: number): void {
    this.#process.stdin?.write(`started ${leader}\n`);
  }

  /** What the command left in the background is none of its business any more. */
  ended(leader: number): void {
    this.#process.stdin?.write(`ended ${leader}\n`);
  }

  close(): void {
    this.#process.stdin?.end();
  }
}

/** A group that was seen to end is dropped at once, so that a later one with the same number is safe. */
const script = `
trap '' HUP INT TERM
running=' '
while read -r change leader; do
  case "$change:$running" in
    started:*) running="$running$leader " ;;
    ended:*" $leader "*) running="\${running%% $leader *} \${running#* $leader }" ;;
  esac
done
for leader in $running; do kill -TERM "-$leader"; done
while [ "$1" -gt 0 ]; do
  left=' '
  for leader in $running; do if kill -0 "-$leader"; then left="$left$leader "; fi; done
  running=$left
  if [ "$running" = ' ' ]; then exit; fi
  sleep 1
  set -- "$(($1 - 1))"
done
for leader in $running; do kill -KILL "-$leader"; done
`;
