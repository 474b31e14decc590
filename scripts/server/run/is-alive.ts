import { existsSync } from 'node:fs';
import { lookUpProcess } from '../../../packages/engine/src/util/process-identity.ts';
import type { StartedServer } from '../state.ts';

/** Whether the very process that was started still runs; of one that ran before, whether its socket is still there. */
export function isAlive(server: StartedServer): boolean {
  if (server.process === undefined) return existsSync(server.url.replace(/^unix:\/\//, ''));
  return lookUpProcess(server.process) === 'alive';
}
