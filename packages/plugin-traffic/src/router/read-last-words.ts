import { open } from 'node:fs/promises';
import { messageOf } from './message-of.ts';
import { RouterError, type RouterErrorCode } from './router-error.ts';

/**
 * Why a router did not start: the error that it has written into its log behind `from` (a number of bytes), else what was seen of
 * it from outside.
 */
export async function readLastWords(logFile: string, from: number, seen: unknown): Promise<RouterError> {
  const text = await readFrom(logFile, from);
  const [, code, message, hint] = /^(TRAFFIC_ROUTER_[A-Z_]+): ([^]+)\n(.+)\n$/m.exec(text) ?? [];
  if (code !== undefined && message !== undefined && hint !== undefined) return new RouterError(code as RouterErrorCode, message, hint);
  return new RouterError('TRAFFIC_ROUTER_NOT_STARTED', messageOf(seen), `Read what it says in ${logFile}.`);
}

async function readFrom(file: string, from: number): Promise<string> {
  await using log = await open(file);
  const { size } = await log.stat();
  const { buffer, bytesRead } = await log.read(Buffer.alloc(Math.max(0, size - from)), 0, size - from, from);
  return buffer.toString('utf8', 0, bytesRead);
}
