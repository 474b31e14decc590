import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readState, type StartedServer } from '../state.ts';
import { isAlive } from './is-alive.ts';

/** Tells Prometheus where the Alertmanager and the Pushgateway are that run beside it. */
export function introduce(): void {
  const living = new Map(readState().filter(isAlive).map((server) => [server.name, server]));
  const { targets, alertmanagers } = living.get('prometheus')?.settings ?? {};
  if (targets === undefined || alertmanagers === undefined) return;
  writeTargets(join(alertmanagers, 'started.json'), living.get('alertmanager'));
  writeTargets(join(targets, 'pushgateway.json'), living.get('pushgateway'));
}

/** Never half a file: Prometheus reads it the moment it changes. */
function writeTargets(file: string, server: StartedServer | undefined): void {
  const hosts = server === undefined ? [] : [new URL(server.url).host];
  writeFileSync(`${file}.draft`, JSON.stringify([{ targets: hosts }]));
  renameSync(`${file}.draft`, file);
}
