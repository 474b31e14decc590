import { fetchAnswer, StepError, Type, type ReadContext } from 'relpipe/plugin';
import { Value } from 'typebox/value';

/** Whether this is a CI job that can prove who it is: a GitHub job with `id-token: write`, or a GitLab job with `id_tokens`. */
export const hasCiIdentity = (environment: NodeJS.ProcessEnv): boolean =>
  isOnGithub(environment) || Object.keys(environment).some((name) => isOnGitlab(environment) && name.endsWith('_ID_TOKEN'));

const isOnGithub = (environment: NodeJS.ProcessEnv): boolean =>
  Boolean(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] && environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
const isOnGitlab = (environment: NodeJS.ProcessEnv): boolean => Boolean(environment['GITLAB_CI']);

/**
 * The job's OpenID token for an audience. GitHub gives a new one whenever it is asked; GitLab puts one into the environment, in
 * `AUDIENCE_ID_TOKEN`.
 * @throws {StepError} `PYPI_NO_IDENTITY`, `PYPI_IDENTITY_REFUSED`
 */
export async function ciIdentity(audience: string, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<string> {
  if (isOnGithub(environment)) return fromGithub(audience, environment, context);
  const variable = `${audience.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_ID_TOKEN`;
  const token = environment[variable];
  if (token) return token;
  throw new StepError('PYPI_NO_IDENTITY', `The job has no ${variable}.`, {
    hint: `Give it \`id_tokens: { ${variable}: { aud: ${audience} } }\`.`,
  });
}

async function fromGithub(audience: string, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<string> {
  const url = new URL(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  url.searchParams.set('audience', audience);
  const authorization = `bearer ${environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}`;
  const headers = { authorization, accept: 'application/json' };
  const { status, json } = await fetchAnswer(url.href, { headers, timeoutMs: 30_000, unreachable: (why, cause) => notGiven(why, true, cause) }, context);
  if (status >= 200 && status <= 299 && Value.Check(reply, json)) return json.value;
  throw notGiven(`it answered ${status}`, status >= 500 || status === 429);
}

const reply = Type.Object({ value: Type.String({ minLength: 1 }) });

const notGiven = (why: string, retryable: boolean, cause?: unknown): StepError =>
  new StepError('PYPI_IDENTITY_REFUSED', `GitHub gave no identity token: ${why}.`, {
    hint: 'Give the job `permissions: { id-token: write }`. A resumed run needs a new job: the former job\'s token is dead.',
    retryable,
    cause,
  });
