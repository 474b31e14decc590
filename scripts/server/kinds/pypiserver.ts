import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { answersOk } from '../run/answers-ok.ts';

const user = 'relpipe';
const password = 'loopback-only';

/** Reading is open, uploading and removing need the password; a file cannot be overwritten, and nothing falls back to PyPI. */
export const pypiserver: ServerKind = {
  ports: ['http'],
  prepare({ folder, port }) {
    const packages = join(folder, 'packages');
    const passwords = join(folder, 'htpasswd');
    mkdirSync(packages);
    writeFileSync(passwords, `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
    const url = `http://127.0.0.1:${port('http')}`;
    return {
      arguments: [
        'run', '--interface', '127.0.0.1', '--port', String(port('http')),
        '--authenticate', 'update', '--passwords', passwords, '--disable-fallback', packages,
      ],
      url,
      settings: { user, password, upload: `${url}/`, simple: `${url}/simple/` },
      answers: () => answersOk(`${url}/health`),
    };
  },
};
