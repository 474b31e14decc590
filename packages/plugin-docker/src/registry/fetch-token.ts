import { parseJson, StepError, Type, type ReadContext } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Credentials } from '../credentials/credentials.ts';
import { basicAuthorization } from './basic-authorization.ts';
import type { Challenge } from './parse-challenge.ts';
import { refusal } from './refusal.ts';
import { send } from './send.ts';

type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

const tokenBody = Type.Object({ token: Type.Optional(Type.String()), access_token: Type.Optional(Type.String()) });

/**
 * Gets the token a registry asks for, for what it asks for: https://distribution.github.io/distribution/spec/auth/token/, with an identity
 * token by https://distribution.github.io/distribution/spec/auth/oauth/. Without credentials, as anybody: enough to read what is public.
 * @throws {StepError}
 */
export async function fetchToken(
  registry: URL,
  challenge: BearerChallenge,
  credentials: Credentials | undefined,
  context: ReadContext,
): Promise<string> {
  const url = tokenUrl(registry, challenge);
  const { origin } = url;
  const answer = await send(...requestFor(url, challenge, credentials), context);
  if (answer.status !== 200) throw refusal(`${origin} gave no token for ${challenge.scope ?? 'the registry'}`, answer);
  const body = parseJson(answer.bytes);
  const token = Value.Check(tokenBody, body) ? (body.token ?? body.access_token) : undefined;
  if (token === undefined) throw refusal(`${origin} answered without a token`, answer);
  return token;
}

function requestFor(url: URL, { service, scope }: BearerChallenge, credentials: Credentials | undefined): [string, RequestInit] {
  const asked = { ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) };
  if (credentials && 'identityToken' in credentials) {
    const refresh = { grant_type: 'refresh_token', client_id: 'relpipe', refresh_token: credentials.identityToken.reveal() };
    // What it sends elsewhere would go there whole.
    return [url.href, { method: 'POST', redirect: 'error', body: new URLSearchParams({ ...asked, ...refresh }) }];
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return [url.href, credentials ? { headers: { authorization: basicAuthorization(credentials) } } : {}];
}

function tokenUrl(registry: URL, { realm }: BearerChallenge): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  // A password must not leave an encrypted connection because an answer says so.
  if (!url || (registry.protocol === 'https:' && url.protocol !== 'https:')) {
    throw new StepError(
      'DOCKER_REGISTRY_REFUSED',
      `${registry.origin} sends for its token to \`${realm}\`, which is not safe.`,
      { hint: 'The token service of a registry on https has to be on https, too.' },
    );
  }
  return url;
}
