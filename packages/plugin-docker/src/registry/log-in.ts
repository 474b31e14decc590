import { StepError, Type, type ReadContext } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { Credentials } from '../credentials/find-credentials.ts';
import { refusal, send } from './send.ts';

/**
 * The `Authorization` header by which a registry accepts requests, after it answered 401 with this `WWW-Authenticate` header. Undefined
 * when it names no known scheme, or wants a password and there is none.
 * @throws {StepError}
 */
export async function logIn(
  registry: URL,
  wwwAuthenticate: string | null,
  findCredentials: () => Promise<Credentials | undefined>,
  context: ReadContext,
): Promise<string | undefined> {
  const challenge = parseChallenge(wwwAuthenticate);
  if (challenge === undefined) return undefined;
  const credentials = await findCredentials();
  if (challenge.scheme === 'bearer') return `Bearer ${await fetchToken(registry, challenge, credentials, context)}`;
  return credentials && 'username' in credentials ? basicAuthorization(credentials) : undefined;
}

/** How a registry wants to be asked (`WWW-Authenticate`, RFC 9110 section 11.6.1). */
type Challenge = { readonly scheme: 'basic' } | BearerChallenge;

interface BearerChallenge {
  readonly scheme: 'bearer';
  readonly realm: string;
  readonly service: string | undefined;
  readonly scope: string | undefined;
}

/** Of several challenges the bearer one, because registries that offer both mean it; undefined when none is known. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const challenges = splitChallenges(header ?? '');
  const bearer = challenges.get('bearer');
  const realm = bearer?.get('realm');
  if (realm !== undefined) return { scheme: 'bearer', realm, service: bearer?.get('service'), scope: bearer?.get('scope') };
  return challenges.has('basic') ? { scheme: 'basic' } : undefined;
}

/** Parameters by scheme. A word without `=` starts a challenge; quoted text is a value, whatever it contains. */
function splitChallenges(header: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const challenges = new Map<string, Map<string, string>>();
  let parameters = new Map<string, string>();
  const words = header.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g);
  for (const [, name, quoted, plain, scheme] of words) {
    if (scheme !== undefined) challenges.set(scheme.toLowerCase(), (parameters = new Map<string, string>()));
    else if (name !== undefined) parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return challenges;
}

const basicAuthorization = ({ username, password }: Extract<Credentials, { username: string }>): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;

const tokenBody = Type.Object({ token: Type.Optional(Type.String()), access_token: Type.Optional(Type.String()) });

/**
 * The token for the service and scope of a challenge: https://distribution.github.io/distribution/spec/auth/token/, with an identity token
 * by https://distribution.github.io/distribution/spec/auth/oauth/. Without credentials the token is anonymous, which is enough to read what
 * is public.
 * @throws {StepError}
 */
async function fetchToken(
  registry: URL,
  challenge: BearerChallenge,
  credentials: Credentials | undefined,
  context: ReadContext,
): Promise<string> {
  const url = tokenUrl(registry, challenge);
  const { origin } = url;
  const answer = await send(...tokenRequest(url, challenge, credentials), context);
  if (answer.status !== 200) throw refusal(`${origin} returned no token for ${challenge.scope ?? 'the registry'}`, answer);
  const body = parseJson(answer.bytes);
  const token = Value.Check(tokenBody, body) ? (body.token ?? body.access_token) : undefined;
  if (token === undefined) throw refusal(`${origin} answered without a token`, answer);
  return token;
}

function tokenUrl(registry: URL, { realm }: BearerChallenge): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  // A password must not leave an encrypted connection because an answer asks for it.
  if (url && (registry.protocol !== 'https:' || url.protocol === 'https:')) return url;
  throw new StepError('DOCKER_REGISTRY_REFUSED', `${registry.origin} names \`${realm}\` as its token service, which is not safe.`, {
    hint: 'The token service of a registry on https has to be on https, too.',
  });
}

function tokenRequest(url: URL, { service, scope }: BearerChallenge, credentials: Credentials | undefined): [string, RequestInit] {
  const asked = { ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) };
  if (credentials && 'identityToken' in credentials) {
    const refresh = { grant_type: 'refresh_token', client_id: 'relpipe', refresh_token: credentials.identityToken.reveal() };
    // A redirect would send the whole body, and so the token, to another address.
    return [url.href, { method: 'POST', redirect: 'error', body: new URLSearchParams({ ...asked, ...refresh }) }];
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return [url.href, credentials ? { headers: { authorization: basicAuthorization(credentials) } } : {}];
}
