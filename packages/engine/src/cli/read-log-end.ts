import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const bytesRead = 64 * 1024;
const linesRead = 100;

/** The last lines of a log; none where nothing was printed. */
export function readLogEnd(file: string): readonly string[] {
  const log = open(file);
  if (log === undefined) return [];
  try {
    const start = Math.max(0, fstatSync(log).size - bytesRead);
    const buffer = Buffer.alloc(bytesRead);
    const text = buffer.toString('utf8', 0, readSync(log, buffer, 0, bytesRead, start));
    const lines = text.replace(/\n$/, '').split('\n');
    return (start > 0 ? lines.slice(1) : lines).slice(-linesRead);
  } finally {
    closeSync(log);
  }
}

function open(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
