import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StepError, Type, type Static } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { stringMap } from '../schemas.ts';

/** The part of the docker CLI's `config.json` about logins: https://docs.docker.com/reference/cli/docker/login/. */
const dockerConfig = Type.Object({
  auths: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ auth: Type.Optional(Type.String()), identitytoken: Type.Optional(Type.String()) }),
    ),
  ),
  credHelpers: Type.Optional(stringMap()),
  credsStore: Type.Optional(Type.String()),
});
export type DockerConfig = Static<typeof dockerConfig>;

/** The folder of the docker CLI's own configuration. */
export const dockerConfigFolder = (): string => process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');

/** The docker CLI's own configuration; empty when there is none. @throws {StepError} `DOCKER_CONFIG_UNREADABLE` */
export async function readDockerConfig(): Promise<DockerConfig> {
  const file = join(dockerConfigFolder(), 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const config = parseJson(text);
  if (Value.Check(dockerConfig, config)) return config;
  throw new StepError('DOCKER_CONFIG_UNREADABLE', `${file} is not a valid configuration of the docker CLI.`, {
    hint: 'Repair it, or set DOCKER_CONFIG to another folder.',
  });
}

/** The key of a registry in `auths`, and what its credential helper is asked for: Docker Hub is kept under the first name it had. */
export const registryKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);
