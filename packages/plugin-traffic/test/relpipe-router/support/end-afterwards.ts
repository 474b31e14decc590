import { onTestFinished } from 'vitest';

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Kills the process at the end of the test, if it is still running. */
export const endAfterwards = (pid: number) => onTestFinished(() => {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});
