import { StepError, Type, type ReadContext, type Secret } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { Logins } from '../schemas.ts';
import { readDockerConfig, registryKey, type DockerConfig } from './docker-config.ts';

/** How to log in to a registry: with a password or access token, or with a token that is exchanged for access tokens (OAuth 2). */
export type Credentials =
  | { readonly username: string; readonly password: Secret }
  | { readonly identityToken: Secret };

/**
 * The credentials for a registry: those of the step, else those of the docker CLI, from its credential helper for the host, its store for
 * all hosts, or its `config.json`. Undefined: access is anonymous.
 * @throws {StepError} `DOCKER_LOGIN_FAILED` when a credential helper fails
 */
export async function findCredentials(host: string, logins: Logins | undefined, context: ReadContext): Promise<Credentials | undefined> {
  const login = logins?.[host];
  if (login !== undefined) return login;
  const config = await readDockerConfig();
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  return (helper && (await askHelper(helper, host, context))) || writtenIn(config, host);
}

const helperAnswer = Type.Object({ Username: Type.String(), Secret: Type.String() });

/** By the protocol of https://github.com/docker/docker-credential-helpers. */
async function askHelper(helper: string, host: string, context: ReadContext): Promise<Credentials | undefined> {
  const { code, stdout } = await context.exec([`docker-credential-${helper}`, 'get'], { stdin: registryKey(host) });
  if (code !== 0 && stdout.includes('credentials not found')) return undefined;
  const answer = code === 0 ? parseJson(stdout) : undefined;
  if (!Value.Check(helperAnswer, answer)) {
    throw new StepError('DOCKER_LOGIN_FAILED', `The credential helper docker-credential-${helper} returned no credentials for ${host}.`, {
      hint: `Run: docker login ${host}`,
    });
  }
  return credentialsOf(answer.Username, answer.Secret);
}

function writtenIn({ auths = {} }: DockerConfig, host: string): Credentials | undefined {
  const [, entry] = Object.entries(auths).find(([key]) => key === registryKey(host) || hostOf(key) === host) ?? [];
  if (entry?.identitytoken) return { identityToken: hidden(entry.identitytoken) };
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(entry?.auth ?? '', 'base64').toString()) ?? [];
  return username === undefined || password === undefined ? undefined : credentialsOf(username, password);
}

/** A helper returns this user name when the secret is an identity token. */
const credentialsOf = (username: string, password: string): Credentials =>
  username === '<token>' ? { identityToken: hidden(password) } : { username, password: hidden(password) };

const hidden = (text: string): Secret => ({ secret: 'docker login', reveal: () => text });

const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
