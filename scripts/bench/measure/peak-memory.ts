import { readFileSync } from 'node:fs';

const lookEveryMs = 25;

/** Follows the largest process of a tree: the driver, for what it starts is small. Linux only; elsewhere it finds nothing. */
export function peakMemory(root: number): { readonly stop: () => number } {
  let peakKiB = 0;
  const timer = setInterval(() => (peakKiB = Math.max(peakKiB, ...treeOf(root).map(highWaterMark))), lookEveryMs);
  return {
    stop() {
      clearInterval(timer);
      return peakKiB;
    },
  };
}

function treeOf(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}

/** VmHWM of proc_pid_status(5), which the kernel keeps itself: a peak between two looks is not missed, but for the last. */
const highWaterMark = (pid: number): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
