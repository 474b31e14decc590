import { parseJson, StepError, Type, type ReadContext, type Secret } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Credentials } from './credentials.ts';
import { readDockerConfig, type DockerConfig } from './docker-config.ts';
import type { Logins } from './logins.ts';

/**
 * Who asks this registry: as the step says, else as the docker CLI would: its credential helper for the host, its store for all hosts, its
 * `config.json`. Undefined: as anybody.
 * @throws {StepError} `DOCKER_LOGIN_FAILED` when a credential helper fails
 */
export async function findCredentials(
  host: string,
  logins: Logins | undefined,
  context: ReadContext,
): Promise<Credentials | undefined> {
  const login = logins?.[host];
  if (login !== undefined) return login;
  const config = await readDockerConfig();
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  return (helper && (await askHelper(helper, host, context))) || writtenIn(config, host);
}

const helperAnswer = Type.Object({ Username: Type.String(), Secret: Type.String() });

/** By the protocol of https://github.com/docker/docker-credential-helpers. */
async function askHelper(helper: string, host: string, context: ReadContext): Promise<Credentials | undefined> {
  const { code, stdout } = await context.exec([`docker-credential-${helper}`, 'get'], { stdin: keyOf(host) });
  if (code !== 0 && stdout.includes('credentials not found')) return undefined;
  const answer = code === 0 ? parseJson(stdout) : undefined;
  if (!Value.Check(helperAnswer, answer)) {
    throw new StepError('DOCKER_LOGIN_FAILED', `The credential helper docker-credential-${helper} gave nothing for ${host}.`, {
      hint: `Run: docker login ${host}`,
    });
  }
  return credentialsOf(answer.Username, answer.Secret);
}

function writtenIn({ auths = {} }: DockerConfig, host: string): Credentials | undefined {
  const [, entry] = Object.entries(auths).find(([key]) => key === keyOf(host) || hostOf(key) === host) ?? [];
  if (entry?.identitytoken) return { identityToken: hidden(entry.identitytoken) };
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(entry?.auth ?? '', 'base64').toString()) ?? [];
  return username === undefined || password === undefined ? undefined : credentialsOf(username, password);
}

/** A helper says by this name that what it keeps is an identity token. */
const credentialsOf = (username: string, password: string): Credentials =>
  username === '<token>' ? { identityToken: hidden(password) } : { username, password: hidden(password) };

const hidden = (text: string): Secret => ({ secret: 'docker login', reveal: () => text });

/** Docker Hub is kept under the name that it had first. */
const keyOf = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
