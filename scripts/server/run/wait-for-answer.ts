import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StartedServer } from '../state.ts';
import { isAlive } from './is-alive.ts';

const patienceMs = 90_000;
const askEveryMs = 100;
const tailLines = 20;

/** Throws when the server ends before it answers, or takes too long. */
export async function waitForAnswer(server: StartedServer, answers: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += askEveryMs) {
    if (await isAnswered(answers)) return;
    if (!isAlive(server)) throw new Error(`it ended before it answered.\n${tailOf(server)}`);
    await pause(askEveryMs);
  }
  throw new Error(`it did not answer within ${patienceMs / 1000} s.\n${tailOf(server)}`);
}

/** Nobody listening yet is a no like any other. */
const isAnswered = (answers: () => Promise<boolean>): Promise<boolean> => answers().catch(() => false);

function tailOf({ folder }: StartedServer): string {
  const lines = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n').slice(-tailLines);
  return ['The end of its log:', ...lines].join('\n  ');
}
