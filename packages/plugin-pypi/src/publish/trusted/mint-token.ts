import { StepError, Type, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { ask } from '../../http/ask.ts';
import { findKnownIndex } from '../../settings/known-indexes.ts';
import type { PublishingIndex } from '../../settings/index-to-publish.ts';
import { ciIdentity } from './ci-identity.ts';

export interface MintedToken {
  readonly token: string;
  readonly lifeMs: number;
}

const usualLifeMs = 900_000;

/**
 * Trades the identity of this CI job for a short-lived upload token: asks the index for its audience, the CI for an OpenID token for it,
 * and the index to mint (PyPI's trusted publishers).
 * @throws {StepError} `PYPI_TRUST_REFUSED`, `PYPI_NO_TRUST`, and what asking the CI throws
 */
export async function mintToken(target: PublishingIndex, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<MintedToken> {
  const site = findKnownIndex(target.url)?.site ?? new URL(target.url).origin;
  const { audience } = await askFor(`${site}/_/oidc/audience`, undefined, audienceReply, context);
  const identity = await ciIdentity(audience, environment, context);
  const { token, expires } = await askFor(`${site}/_/oidc/mint-token`, { token: identity }, mintReply, context);
  const leftMs = expires === undefined ? usualLifeMs : expires * 1000 - context.clock.now();
  return { token, lifeMs: Math.min(usualLifeMs, Math.max(0, leftMs)) };
}

const audienceReply = Type.Object({ audience: Type.String({ minLength: 1 }) });
/** `expires` in seconds since the epoch. */
const mintReply = Type.Object({ token: Type.String({ minLength: 1 }), expires: Type.Optional(Type.Number()) });
const refusalReply = Type.Object({ errors: Type.Array(Type.Object({ code: Type.String(), description: Type.String() }), { minItems: 1 }) });

async function askFor<S extends TSchema>(url: string, body: object | undefined, reply: S, context: ReadContext): Promise<Static<S>> {
  const accept = { accept: 'application/json' };
  const post = { method: 'POST', headers: { ...accept, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const { status, json: answer } = await ask(url, body === undefined ? { headers: accept } : post, context);
  if (status === 200 && Value.Check(reply, answer)) return answer;
  if (Value.Check(refusalReply, answer)) throw refused(answer.errors[0]?.code ?? '', answer.errors.map(({ description }) => description).join('; '));
  throw new StepError('PYPI_NO_TRUST', `${url} answered ${status}, and gives no token.`, {
    hint: 'An index that knows no trusted publishing needs `token`.',
    retryable: status >= 500 || status === 429,
  });
}

const refused = (code: string, description: string): StepError =>
  new StepError('PYPI_TRUST_REFUSED', `The index mints no token (${code}): ${description}`, { hint: hints[code] ?? otherwise });

const otherwise = 'See the publishing settings of the project on the index.';
const hints: Readonly<Record<string, string>> = {
  'invalid-publisher':
    'Enter this repository, workflow and environment as a trusted publisher in the publishing settings of the project, exactly as the job runs.',
  'invalid-pending-publisher': 'The project exists already: enter the publisher in its own publishing settings.',
  'invalid-reuse-token': 'A CI identity is taken once. On GitLab it comes with the job: start a new job and resume there.',
  'invalid-token': 'The identity may have expired: start a new job and resume there.',
  'not-enabled': 'The index has switched this off for now: give `token`, or wait.',
};
