import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@relpipe/testing/free-port';
import { programOf } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { haproxy, type HaproxyConfig } from '../../../src/routers/haproxy/haproxy.ts';
import type { Router, SideWeights } from '../../../src/routers/index.ts';
import { startSide } from '../../../src/testing/fixture.ts';
import type { OpenRig, RouterRig, TwoSides } from '../../../src/testing/index.ts';
import { startProcess } from './start-process.ts';

export interface HaproxyRig extends RouterRig {
  /** Sends a line to its Runtime API, as a person would. */
  readonly send: (line: string) => Promise<string>;
  /** Its Runtime API over TCP. */
  readonly address: string;
  readonly stateFile: string;
  /** Reloads its configuration. */
  readonly reload: () => Promise<void>;
}

/** How an HAProxy differs from the plain one. */
interface Changes {
  /** Further lines of the backend. */
  readonly backend?: string;
  /** What follows on the lines of the two servers. */
  readonly servers?: Partial<TwoSides<string>>;
}

/** A real HAProxy of its own, whose backend gives everything to stable. */
async function openHaproxyRig(urls: TwoSides<string>, { backend = '', servers = {} }: Changes = {}): Promise<HaproxyRig> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-haproxy-'));
  const [config, socket, stateFile] = [join(folder, 'haproxy.cfg'), join(folder, 'admin.sock'), join(folder, 'server-state')];
  const [http, tcp] = [await freePort(), await freePort()];
  await writeFile(config, configurationOf({ socket, stateFile, http, tcp, backend, servers, urls }));
  const send = async (line: string): Promise<string> => {
    const connection = connect(tcp, '127.0.0.1');
    // A process that is exiting may accept a connection and never answer.
    connection.setTimeout(1000, () => connection.destroy(new Error('no answer')));
    connection.write(`${line}\n`);
    return (await text(connection)).trim();
  };
  const start = () => startProcess(programOf('haproxy'), ['-W', '-db', '-f', config], async () => (await send('show version')) !== '');
  let started = await start();
  return {
    provision: haproxy,
    kind: 'haproxy',
    config: { socket, backend: 'live', 'state-file': stateFile },
    unreachable: { socket: join(folder, 'nobody.sock'), backend: 'live' },
    names: { stable: 'stable', candidate: 'candidate' },
    url: `http://127.0.0.1:${http}`,
    async setManually({ stable, candidate }) {
      await send(`set weight live/stable ${stable}; set weight live/candidate ${candidate}`);
    },
    routerProcess: {
      stop: async () => started[Symbol.asyncDispose](),
      start: async () => void (started = await start()),
    },
    plugins: {},
    send,
    address: `127.0.0.1:${tcp}`,
    stateFile,
    async reload() {
      const pidOf = async () => /^Pid: (\d+)/m.exec(await send('show info'))?.[1];
      const previous = await pidOf();
      const isAnother = async () => ![previous, undefined].includes(await pidOf().catch(() => undefined));
      // A master that has just started may miss the signal.
      while (!(await isAnother())) {
        process.kill(started.pid, 'SIGUSR2');
        for (let checks = 0; checks < 20 && !(await isAnother()); checks += 1) await sleep(50);
      }
    },
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export const openPlainHaproxyRig: OpenRig = (urls) => openHaproxyRig(urls);

interface Addresses {
  readonly socket: string;
  readonly stateFile: string;
  readonly http: number;
  readonly tcp: number;
  readonly backend: string;
  readonly servers: Partial<TwoSides<string>>;
  readonly urls: TwoSides<string>;
}

function configurationOf({ socket, stateFile, http, tcp, backend, servers, urls }: Addresses): string {
  const sticks = (value: string) => (backend.includes('cookie') ? ` cookie ${value}` : '');
  return `global
  stats socket "${socket}" mode 600 level admin
  stats socket ipv4@127.0.0.1:${tcp} level admin
  server-state-file "${stateFile}"

defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  load-server-state-from-file global

frontend entry
  bind 127.0.0.1:${http}
  default_backend live

backend live
  balance roundrobin
${backend}
  server stable ${new URL(urls.stable).host} weight 100${sticks('s')} ${servers.stable ?? ''}
  server candidate ${new URL(urls.candidate).host} weight 0${sticks('c')} ${servers.candidate ?? ''}
`;
}

interface RouterFixture {
  readonly rig: HaproxyRig;
  /** As a step opens it, with another setting or two. */
  readonly open: (settings?: Partial<HaproxyConfig>) => Promise<Router>;
}

/** A real HAProxy between two real servers. */
export async function withHaproxy(
  use: (fixture: RouterFixture) => Promise<void>,
  backend = '',
  servers: Partial<TwoSides<string>> = {},
): Promise<void> {
  await using stable = await startSide('stable');
  await using candidate = await startSide('candidate');
  await using rig = await openHaproxyRig({ stable: stable.url, candidate: candidate.url }, { backend, servers });
  const open: RouterFixture['open'] = (settings = {}) => haproxy.open({ ...(rig.config as HaproxyConfig), ...settings }, virtualContext());
  await use({ rig, open });
}

export const candidateAt = (candidate: number): SideWeights => ({ stable: 100 - candidate, candidate });

export async function give(router: Router, candidate: number): Promise<void> {
  await router.write(candidateAt(candidate), await router.read());
}
