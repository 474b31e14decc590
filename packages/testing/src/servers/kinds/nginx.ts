import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../ready.ts';

/** Serves the sites in `sites/*.conf` after `nginx -c <config> -s reload`; `url`/alive only says that it runs. */
export const nginx: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    const config = join(folder, 'nginx.conf');
    const sites = join(folder, 'sites');
    mkdirSync(sites);
    writeFileSync(config, configuration(folder, port('http')));
    const url = `http://127.0.0.1:${port('http')}`;
    return {
      arguments: ['-p', folder, '-e', 'stderr', '-c', config, '-g', 'daemon off;'],
      url,
      settings: { config, sites },
      answers: () => answersOk(`${url}/alive`),
    };
  },
};

/** Everything that nginx writes goes below the folder. Its workers run as this user, because only this machine reaches them. */
const configuration = (folder: string, port: number): string => `user ${userInfo().username};
worker_processes 1;
pid "${join(folder, 'nginx.pid')}";
error_log stderr;
events {}
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `  ${use}_temp_path "${join(folder, `temp-${use}`)}";`).join('\n')}
  server {
    listen 127.0.0.1:${port};
    location = /alive { return 200; }
    location / { return 404; }
  }
  include "${join(folder, 'sites')}/*.conf";
}
`;
