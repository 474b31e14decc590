import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, type StartedServer } from './state.ts';

const startLimitMs = 90_000;
const pollIntervalMs = 100;
const requestLimitMs = 5_000;
const tailLines = 20;

/** Waits until a started server answers. @throws when it ends first, or takes longer than 90 s, with the end of its log */
export async function waitUntilReady(server: StartedServer, answers: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < startLimitMs; waitedMs += pollIntervalMs) {
    // As long as nothing listens, the request fails.
    if (await answers().catch(() => false)) return;
    if (!isAlive(server)) throw new Error(`it exited before it answered.\n${endOfLog(server)}`);
    await pause(pollIntervalMs);
  }
  throw new Error(`it did not answer within ${startLimitMs / 1000} s.\n${endOfLog(server)}`);
}

function endOfLog({ folder }: StartedServer): string {
  const lines = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n').slice(-tailLines);
  return ['The end of its log:', ...lines].join('\n  ');
}

/** Whether the answer to a GET is a 2xx. @throws while nothing listens */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(requestLimitMs) });
  await response.arrayBuffer();
  return response.ok;
}

/** The body of the answer to a GET over a Unix socket. @throws while nothing listens, and for any status but 200 */
export async function getFromSocket(socketPath: string, path: string): Promise<string> {
  const asking = request({ socketPath, path, signal: AbortSignal.timeout(requestLimitMs) }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode ?? 'nothing'}: ${answer}`);
  return answer;
}
