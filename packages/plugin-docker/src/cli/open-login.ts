import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ExecOptions, Secret } from 'relpipe/plugin';
import { dockerConfigFolder, readDockerConfig } from '../credentials/docker-config.ts';
import type { Logins } from '../credentials/logins.ts';

export interface Login extends AsyncDisposable {
  /** For the commands that are to log in so. */
  readonly env: NonNullable<ExecOptions['env']>;
}

/**
 * Lets the docker CLI, compose and buildah log in as the step says. The passwords reach them through a credential helper that reads its
 * environment: never a command line, never a file. Everything else of the CLI's configuration stays as it is.
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
  await writeFile(program, script(hosts));
  await chmod(program, 0o700);
  const entries = Object.entries(logins).flatMap(([, { username, password }], n) => [
    [`RELPIPE_DOCKER_USER_${n}`, JSON.stringify(username)] as const,
    [`RELPIPE_DOCKER_PASSWORD_${n}`, { secret: password.secret, reveal: () => JSON.stringify(password.reveal()) }] as const,
  ]);
  return {
    env: { ...Object.fromEntries<string | Secret>(entries), DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: join(folder, 'config.json'), PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const helper = 'relpipe';

/** Docker Hub goes by several names. */
const keysOf = (host: string): readonly string[] => (host === 'docker.io' ? ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io'] : [host]);

/** Host names are letters, digits, dots, hyphens and a port: nothing that a shell reads otherwise. */
function script(hosts: readonly string[]): string {
  const cases = hosts.map(
    (host, n) =>
      `'${keysOf(host).join("'|'")}') printf '{"ServerURL":"%s","Username":%s,"Secret":%s}' "$server" "$RELPIPE_DOCKER_USER_${n}" "$RELPIPE_DOCKER_PASSWORD_${n}";;`,
  );
  return `#!/bin/sh\n[ "$1" = get ] || exit 0\nread -r server || true\ncase "$server" in\n${cases.join('\n')}\n*) echo 'credentials not found in native keychain'; exit 1;;\nesac\n`;
}
