import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../ready.ts';

/**
 * One backend `live` with the servers `stable` and `candidate`, whose addresses the Runtime API sets (`set server … addr`), on a
 * socket and on a TCP port. It reads `sites/*.cfg` again at SIGUSR2, and then keeps the server states saved in `state`.
 */
export const haproxy: ServerKind = {
  ports: ['http', 'alive', 'runtime'],
  prepare({ folder, port }) {
    const config = join(folder, 'haproxy.cfg');
    const sites = join(folder, 'sites');
    const socket = join(folder, 'runtime.sock');
    const state = join(folder, 'server-state');
    mkdirSync(sites);
    writeFileSync(state, '');
    writeFileSync(config, configuration({ socket, state, http: port('http'), alive: port('alive'), runtime: port('runtime') }));
    return {
      arguments: ['-W', '-db', '-f', config, '-f', sites],
      url: `http://127.0.0.1:${port('http')}`,
      settings: { config, sites, socket, state, runtime: `127.0.0.1:${port('runtime')}` },
      answers: () => answersOk(`http://127.0.0.1:${port('alive')}/alive`),
    };
  },
};

interface Endpoints {
  readonly socket: string;
  readonly state: string;
  readonly http: number;
  readonly alive: number;
  readonly runtime: number;
}

const configuration = ({ socket, state, http, alive, runtime }: Endpoints): string => `global
  stats socket "${socket}" mode 600 level admin
  stats socket ipv4@127.0.0.1:${runtime} level admin
  server-state-file "${state}"

defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  load-server-state-from-file global

frontend entry
  bind 127.0.0.1:${http}
  default_backend live

frontend alive
  bind 127.0.0.1:${alive}
  monitor-uri /alive

backend live
  balance roundrobin
  server stable 127.0.0.1:1 weight 100 disabled
  server candidate 127.0.0.1:1 weight 100 disabled
`;
