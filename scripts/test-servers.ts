// Every test against real servers. Starts those that do not run, and ends what it started: node scripts/test-servers.ts
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isAlive, readState } from '@relpipe/testing/servers/state';

const servers = join(import.meta.dirname, 'servers');
const reporters = ['--reporter', 'default', '--reporter', './scripts/servers-line.ts'];
const living = (): readonly string[] => readState().filter(isAlive).map(({ name }) => name);

// A Ctrl-C reaches the tests as well; what was started is ended after them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (process.exitCode = 130));

const before = living();
const wasStarted = await succeeds(servers, 'start');
const haveTestsPassed = process.exitCode === undefined && (await succeeds('vitest', 'run', 'test/servers/', ...reporters));
const started = living().filter((name) => !before.includes(name));
if (started.length > 0) await succeedsQuietly(servers, 'stop', ...started);
if (!wasStarted || !haveTestsPassed) process.exitCode ??= 1;

function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  return endsWell(spawn(command, args, { stdio: 'inherit' }));
}

/** The line of counts stays the last one. */
function succeedsQuietly(command: string, ...args: readonly string[]): Promise<boolean> {
  return endsWell(spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
}

async function endsWell(child: ChildProcess): Promise<boolean> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}
