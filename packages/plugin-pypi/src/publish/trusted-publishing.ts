import { StepError, Type, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { busyHint, fetchAnswer, isTransient } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { PublishingIndex } from '../settings/index-to-publish.ts';
import { findKnownIndex } from '../settings/index-software.ts';
import { tokenUser, type Login } from '../settings/login.ts';
import { ask } from '../simple-api/ask.ts';

/**
 * Returns a minted token until a third of its life is left, and then a new one: of 15 minutes, after 10, so that a slow upload does
 * not outlive its token.
 */
export function trustedLogin(target: PublishingIndex, environment: NodeJS.ProcessEnv, context: ReadContext): () => Promise<Login> {
  let minted: (MintedToken & { readonly renewAt: number }) | undefined;
  return async () => {
    const now = context.clock.now();
    if (!minted || now >= minted.renewAt) {
      const token = await mintToken(target, environment, context);
      minted = { ...token, renewAt: now + (token.lifeMs * 2) / 3 };
      context.log('minted an upload token from the identity of this CI job');
    }
    return { username: tokenUser, password: minted.token };
  };
}

interface MintedToken {
  readonly token: string;
  readonly lifeMs: number;
}

const usualLifeMs = 900_000;

/**
 * Exchanges the identity of this CI job for a short-lived upload token: asks the index for its audience, the CI for an OpenID token
 * for it, and the index to mint (PyPI's trusted publishers).
 * @throws {StepError} `PYPI_TRUSTED_PUBLISHING_REFUSED`, `PYPI_TRUSTED_PUBLISHING_FAILED`, and the errors of `ciIdentity`
 */
async function mintToken(target: PublishingIndex, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<MintedToken> {
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
  const { status, json: answer, retryAfterMs } = await ask(url, body === undefined ? { headers: accept } : post, context);
  if (status === 200 && Value.Check(reply, answer)) return answer;
  if (Value.Check(refusalReply, answer))
    throw refused(answer.errors[0]?.code ?? '', answer.errors.map(({ description }) => description).join('; '));
  throw new StepError('PYPI_TRUSTED_PUBLISHING_FAILED', `${url} responded with status ${status} and no token.`, {
    hint: isTransient(status) ? busyHint({ retryAfterMs }) : 'For an index without trusted publishing, set `token`.',
    retryable: isTransient(status),
  });
}

const refused = (code: string, description: string): StepError =>
  new StepError('PYPI_TRUSTED_PUBLISHING_REFUSED', `The index refused to mint a token (${code}): ${description}`, {
    hint: hints[code] ?? otherHint,
  });

const otherHint = 'Check the publishing settings of the project on the index.';
const hints: Readonly<Record<string, string>> = {
  'invalid-publisher':
    'Enter this repository, workflow and environment as a trusted publisher in the publishing settings of the project, exactly as the job runs.',
  'invalid-pending-publisher': 'The project exists already: enter the publisher in its own publishing settings.',
  'invalid-reuse-token': 'A CI identity is accepted once. On GitLab it comes with the job: start a new job and resume there.',
  'invalid-token': 'The identity may have expired: start a new job and resume there.',
  'not-enabled': 'The index has switched trusted publishing off for now: set `token`, or wait.',
};

/** Whether this is a CI job that can prove its identity: a GitHub job with `id-token: write`, or a GitLab job with `id_tokens`. */
export const hasCiIdentity = (environment: NodeJS.ProcessEnv): boolean =>
  isOnGithub(environment) || Object.keys(environment).some((name) => isOnGitlab(environment) && name.endsWith('_ID_TOKEN'));

const isOnGithub = (environment: NodeJS.ProcessEnv): boolean =>
  Boolean(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] && environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
const isOnGitlab = (environment: NodeJS.ProcessEnv): boolean => Boolean(environment['GITLAB_CI']);

/**
 * The job's OpenID token for an audience. GitHub issues a new one for each request; GitLab puts one into the environment, in
 * `AUDIENCE_ID_TOKEN`.
 * @throws {StepError} `PYPI_OIDC_TOKEN_MISSING`, `PYPI_OIDC_TOKEN_REFUSED`
 */
async function ciIdentity(audience: string, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<string> {
  if (isOnGithub(environment)) return identityOnGithub(audience, environment, context);
  const variable = `${audience.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_ID_TOKEN`;
  const token = environment[variable];
  if (token) return token;
  throw new StepError('PYPI_OIDC_TOKEN_MISSING', `The CI job has no variable ${variable}.`, {
    hint: `Add \`id_tokens: { ${variable}: { aud: ${audience} } }\` to the job.`,
  });
}

async function identityOnGithub(audience: string, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<string> {
  const url = new URL(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  url.searchParams.set('audience', audience);
  const authorization = `bearer ${environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}`;
  const headers = { authorization, accept: 'application/json' };
  const { status, json } = await fetchAnswer(
    url.href,
    { headers, timeoutMs: 30_000, unreachable: (why, cause) => notIssued(why, true, cause) },
    context,
  );
  if (status >= 200 && status <= 299 && Value.Check(identityReply, json)) return json.value;
  throw notIssued(`it responded with status ${status}`, isTransient(status));
}

const identityReply = Type.Object({ value: Type.String({ minLength: 1 }) });

const notIssued = (why: string, retryable: boolean, cause?: unknown): StepError =>
  new StepError('PYPI_OIDC_TOKEN_REFUSED', `GitHub issued no identity token: ${why}.`, {
    hint: 'Give the job `permissions: { id-token: write }`. A resumed run needs a new job, because the token of the previous job has expired.',
    retryable,
    cause,
  });
