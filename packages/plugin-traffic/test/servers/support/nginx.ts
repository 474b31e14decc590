import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { programOf } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { nginx } from '../../../src/routers/nginx/nginx.ts';
import { withRouter, type RouterFixture } from '../../../src/testing/fixture.ts';
import type { OpenRig, RouterRig, TwoSides } from '../../../src/testing/index.ts';
import { realContext } from '../../../src/testing/real-context.ts';
import type { RigConfig } from '../../../src/testing/router-rig.ts';
import { startProcess } from './start-process.ts';

export interface NginxRig extends RouterRig {
  readonly folder: string;
  /** The file that has the upstream. */
  readonly site: string;
  /** How nginx is called. */
  readonly command: readonly string[];
  readonly master: number;
}

/** The content of the upstream, from the hosts of both sides. */
type Upstream = (stable: string, candidate: string) => string;

const plain: Upstream = (stable, candidate) => `  server ${stable} weight=100;\n  server ${candidate} down;\n  keepalive 32;`;

/** A real nginx of its own, whose upstream gives everything to stable. */
export async function openNginxRig(urls: TwoSides<string>, upstream: Upstream = plain): Promise<NginxRig> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-nginx-'));
  const [site, port] = [join(folder, 'site'), await freePort()];
  const [stable, candidate] = [new URL(urls.stable).host, new URL(urls.candidate).host];
  const [program, config] = [programOf('nginx'), join(folder, 'nginx.conf')];
  await writeFile(config, configurationOf(folder));
  await writeFile(site, siteOf(folder, port, upstream(stable, candidate)));
  const url = `http://127.0.0.1:${port}`;
  const command = [program, '-p', folder, '-e', join(folder, 'error.log'), '-c', config];
  const start = () => startProcess(program, [...command.slice(1), '-g', 'daemon off;'], async () => (await fetch(`${url}/alive`)).ok);
  let started = await start();
  const dead = join(folder, 'dead.conf');
  await writeFile(dead, configurationOf(folder).replace('nginx.pid', 'dead.pid'));
  return {
    provision: nginx,
    kind: 'nginx',
    config: { config: site, upstream: 'shop', command, 'access-log': join(folder, 'upstream.log') },
    unreachable: { config: site, upstream: 'shop', command: [...command.slice(0, -1), dead] },
    names: { stable, candidate },
    url,
    async setManually(percent) {
      const text = await readFile(site, 'utf8');
      const server = (host: string, weight: number) => (conf: string) => conf.replace(new RegExp(`server ${host}[^;]*;`), `server ${host} weight=${weight};`);
      await writeFile(site, server(stable, percent.stable)(server(candidate, percent.candidate)(text)));
      await runCommand(program, [...command.slice(1), '-s', 'reload']);
    },
    routerProcess: {
      stop: async () => started[Symbol.asyncDispose](),
      start: async () => void (started = await start()),
    },
    plugins: {},
    folder,
    site,
    command,
    master: started.pid,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export const openPlainNginxRig: OpenRig = (urls) => openNginxRig(urls);

export interface NginxFixture extends RouterFixture {
  readonly nginx: NginxRig;
  /** The same router with other settings. */
  readonly open: (changes: RigConfig) => ReturnType<RouterFixture['rig']['provision']['open']>;
}

export function withNginx(use: (fixture: NginxFixture) => Promise<void>, upstream?: Upstream): Promise<void> {
  let nginx: NginxRig | undefined;
  const open = async (urls: TwoSides<string>) => (nginx = await openNginxRig(urls, upstream));
  return withRouter(open, async (fixture) => {
    if (nginx === undefined) throw new Error('no nginx');
    const { rig, folder } = fixture;
    await use({ ...fixture, nginx, open: (changes) => rig.provision.open({ ...rig.config, ...changes }, realContext(folder)) });
  });
}

/** Everything nginx writes goes below the folder. */
const configurationOf = (folder: string): string => `user ${userInfo().username};
worker_processes 2;
pid "${join(folder, 'nginx.pid')}";
error_log "${join(folder, 'error.log')}";
events {}
http {
  access_log off;
  log_format upstream '$upstream_addr';
  map $http_upgrade $upgrade { '' ''; default upgrade; }
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `  ${use}_temp_path "${join(folder, `temp-${use}`)}";`).join('\n')}
  include "${folder}/site*";
}
`;

const siteOf = (folder: string, port: number, servers: string): string => `# The shop.
upstream shop {
${servers}
}
server {
  listen 127.0.0.1:${port};
  location = /alive { return 200; }
  location / {
    proxy_pass http://shop;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $upgrade;
    access_log "${join(folder, 'upstream.log')}" upstream;
  }
}
`;
