import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ExecOptions, Secret } from 'relpipe/plugin';
import type { Logins } from '../schemas.ts';
import { dockerConfigFolder, readDockerConfig, registryKey } from './docker-config.ts';

export interface Login extends AsyncDisposable {
  /** The environment of the commands that use this login. */
  readonly env: NonNullable<ExecOptions['env']>;
}

/**
 * Lets the docker CLI, compose and buildah log in with the accounts of the step. The passwords reach them through a credential helper that
 * reads its environment: they are never on a command line and never in a file. The rest of the CLI's configuration stays in effect.
 */
export async function openLogin(logins: Logins | undefined): Promise<Login> {
  if (logins === undefined) return { env: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-docker-'));
  const own = dockerConfigFolder();
  const config = await readDockerConfig();
  const hosts = Object.keys(logins);
  const helpers = Object.fromEntries(hosts.flatMap((host) => keysOf(host).map((key) => [key, helper])));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, credHelpers: { ...config.credHelpers, ...helpers } }));
  for (const kept of ['contexts', 'cli-plugins']) await symlink(join(own, kept), join(folder, kept));
  const program = join(folder, `docker-credential-${helper}`);
  await writeFile(program, scriptFor(hosts));
  await chmod(program, 0o700);
  const passwords = Object.values(logins).flatMap(({ username, password }, n) => [
    [`RELPIPE_DOCKER_USER_${n}`, JSON.stringify(username)] as const,
    [`RELPIPE_DOCKER_PASSWORD_${n}`, { secret: password.secret, reveal: () => JSON.stringify(password.reveal()) }] as const,
  ]);
  return {
    env: {
      ...Object.fromEntries<string | Secret>(passwords),
      DOCKER_CONFIG: folder,
      REGISTRY_AUTH_FILE: join(folder, 'config.json'),
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const helper = 'relpipe';

/** Every name that the tools ask for: Docker Hub has several. */
const keysOf = (host: string): readonly string[] =>
  host === 'docker.io' ? [registryKey(host), 'docker.io', 'index.docker.io'] : [host];

/** Host names consist of letters, digits, dots, hyphens and a port: none of these has a special meaning in a shell. */
function scriptFor(hosts: readonly string[]): string {
  const answer = '{"ServerURL":"%s","Username":%s,"Secret":%s}';
  const cases = hosts.map(
    (host, n) =>
      `'${keysOf(host).join("'|'")}') printf '${answer}' "$server" "$RELPIPE_DOCKER_USER_${n}" "$RELPIPE_DOCKER_PASSWORD_${n}";;`,
  );
  return [
    '#!/bin/sh',
    '[ "$1" = get ] || exit 0',
    'read -r server || true',
    'case "$server" in',
    ...cases,
    "*) echo 'credentials not found in native keychain'; exit 1;;",
    'esac',
    '',
  ].join('\n');
}
