import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { execReally, secretOf, virtualContext } from '@relpipe/testing/step-context';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findCredentials } from '../../src/credentials/find-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

const auth = Buffer.from('ann:s3cret').toString('base64');
const answer = (username: string, secret: string): string => `#!/bin/sh\nread server\necho "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"${username}\\",\\"Secret\\":\\"${secret} of $server\\"}"\n`;

async function found(config: object, host: string, helpers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  using folder = scratchFolder();
  writeFileSync(join(folder.path, 'config.json'), JSON.stringify(config));
  for (const [name, script] of Object.entries(helpers)) {
    writeFileSync(join(folder.path, `docker-credential-${name}`), script);
    chmodSync(join(folder.path, `docker-credential-${name}`), 0o755);
  }
  vi.stubEnv('DOCKER_CONFIG', folder.path);
  vi.stubEnv('PATH', `${folder.path}:${process.env['PATH'] ?? ''}`);
  const credentials = await findCredentials(host, undefined, virtualContext({ exec: execReally() }));
  if (credentials === undefined) return undefined;
  return 'username' in credentials ? [credentials.username, credentials.password.reveal()] : credentials.identityToken.reveal();
}

describe('credentials', () => {
  test.each([
    ['come from a login in config.json', { auths: { 'ghcr.io': { auth } } }, 'ghcr.io', ['ann', 's3cret']],
    ['are found under an old kind of name', { auths: { 'https://ghcr.io/v1/': { auth } } }, 'ghcr.io', ['ann', 's3cret']],
    ['of Docker Hub are found under its first name', { auths: { 'https://index.docker.io/v1/': { auth } } }, 'docker.io', ['ann', 's3cret']],
    ['can be an identity token', { auths: { 'acme.azurecr.io': { auth, identitytoken: 'token' } } }, 'acme.azurecr.io', 'token'],
    ['of another host are not used', { auths: { 'ghcr.io': { auth } } }, 'quay.io', undefined],
  ])('credentials %s', async (_, config, host, expected) => {
    expect(await found(config, host)).toEqual(expected);
  });

  test('credentials of the helper for the host come before those of the store for all hosts', async () => {
    const config = { credsStore: 'all', credHelpers: { 'ghcr.io': 'one' } };
    const helpers = { all: answer('all', 'a'), one: answer('one', 'b') };
    expect(await found(config, 'ghcr.io', helpers)).toEqual(['one', 'b of ghcr.io']);
    expect(await found(config, 'docker.io', helpers)).toEqual(['all', 'a of https://index.docker.io/v1/']);
  });

  test('a helper that returns the user name <token> returns an identity token', async () => {
    expect(await found({ credsStore: 'all' }, 'ghcr.io', { all: answer('<token>', 'a') })).toBe('a of ghcr.io');
  });

  test('access is anonymous when the helper has no credentials for the host', async () => {
    const nothing = '#!/bin/sh\necho credentials not found in native keychain\nexit 1\n';
    expect(await found({ credsStore: 'all' }, 'ghcr.io', { all: nothing })).toBeUndefined();
  });

  test('a helper that fails is an error that does not repeat its output', async () => {
    const fails = '#!/bin/sh\necho s3cret; exit 2\n';
    const asked = found({ credsStore: 'all' }, 'ghcr.io', { all: fails });
    await expect(asked).rejects.toMatchObject({ code: 'DOCKER_LOGIN_FAILED', hint: 'Run: docker login ghcr.io' });
    await expect(asked).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') as unknown });
  });

  test('credentials of the step come before all others', async () => {
    const login = { username: 'robot', password: secretOf('x') };
    expect(await findCredentials('ghcr.io', { 'ghcr.io': login }, virtualContext())).toBe(login);
  });
});
