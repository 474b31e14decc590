import { StepError, Type, type ReadContext } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { basicAuthorization, type Credentials } from './credentials.ts';
import type { Challenge } from './parse-challenge.ts';
import { parseJson } from './parse-json.ts';
import { refusal } from './refusal.ts';
import { send } from './send.ts';

const tokenBody = Type.Object({ token: Type.Optional(Type.String()), access_token: Type.Optional(Type.String()) });

/**
 * Gets the token a registry asks for, for what it asks for: https://distribution.github.io/distribution/spec/auth/token/.
 * Without credentials, as anybody: enough to read what is public.
 * @throws {StepError}
 */
export async function fetchToken(
  registry: URL,
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  credentials: Credentials | undefined,
  context: ReadContext,
): Promise<string> {
  const url = tokenUrl(registry, challenge);
  const headers: Record<string, string> = credentials ? { authorization: basicAuthorization(credentials) } : {};
  const answer = await send(url.href, { headers }, context);
  if (answer.status !== 200)
    throw refusal(`${url.origin} gave no token for ${challenge.scope ?? 'the registry'}`, answer);
  const body = parseJson(answer.bytes);
  const token = Value.Check(tokenBody, body) ? (body.token ?? body.access_token) : undefined;
  if (token === undefined) throw refusal(`${url.origin} answered without a token`, answer);
  return token;
}

function tokenUrl(registry: URL, { realm, service, scope }: Extract<Challenge, { scheme: 'bearer' }>): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  // A password must not leave an encrypted connection because an answer says so.
  if (!url || (registry.protocol === 'https:' && url.protocol !== 'https:')) {
    throw new StepError(
      'DOCKER_REGISTRY_REFUSED',
      `${registry.origin} sends for its token to \`${realm}\`, which is not safe.`,
      { hint: 'The token service of a registry on https has to be on https, too.' },
    );
  }
  if (service !== undefined) url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  return url;
}
