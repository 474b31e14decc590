import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerKind } from '../component.ts';
import { execute } from '../programs.ts';
import { answersOk } from '../ready.ts';

const user = 'relpipe';
const password = 'loopback-only';
const index = 'stable';

/** A server without the mirror of PyPI, with one user and one index from which files may be deleted (`volatile`). */
export const devpi: ServerKind = {
  ports: ['http'],
  async prepare({ folder, program, port }) {
    const serverdir = join(folder, 'server');
    await execute(join(dirname(program), 'devpi-init'), ['--serverdir', serverdir, '--no-root-pypi'], { cwd: folder });
    const url = `http://127.0.0.1:${port('http')}`;
    const indexUrl = `${url}/${user}/${index}`;
    return {
      arguments: ['--serverdir', serverdir, '--host', '127.0.0.1', '--port', String(port('http'))],
      url,
      settings: { user, password, index: indexUrl, upload: `${indexUrl}/`, simple: `${indexUrl}/+simple/` },
      answers: () => answersOk(`${url}/+api`),
      configure: () => createIndex(url),
    };
  },
};

async function createIndex(url: string): Promise<void> {
  await send('PUT', `${url}/${user}`, { password });
  const { result } = (await send('POST', `${url}/+login`, { user, password })) as { result: { password: string } };
  const token = Buffer.from(`${user}:${result.password}`).toString('base64');
  await send('PUT', `${url}/${user}/${index}`, { type: 'stage', bases: [], volatile: true }, { 'x-devpi-auth': token });
}

async function send(method: string, url: string, body: object, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...more };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Everybody may read; uploading and removing need the password. A file cannot be overwritten, and unknown projects are not looked up on PyPI. */
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
