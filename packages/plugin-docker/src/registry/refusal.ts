import { parseJson, StepError, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Answer } from './send.ts';

/** What a registry says when it refuses (OCI distribution specification, "Error Codes"). */
const errorBody = Type.Object({
  errors: Type.Array(Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) }), { minItems: 1 }),
});

/** `what`: the sentence's beginning, e.g. `https://ghcr.io refused to read acme/engine:1.0`. */
export function refusal(what: string, { status, bytes }: Pick<Answer, 'status' | 'bytes'>): StepError {
  const said = wordsOf(bytes);
  return new StepError('DOCKER_REGISTRY_REFUSED', `${what} (${status}${said === '' ? '' : `: ${said}`}).`, {
    hint: hintFor(status),
    retryable: isPassing(status),
  });
}

function wordsOf(bytes: Uint8Array): string {
  const body = parseJson(bytes);
  if (!Value.Check(errorBody, body)) return '';
  return body.errors.map(({ code, message = '' }) => `${code} ${message}`.trim()).join('; ');
}

function hintFor(status: number): string {
  if (status === 401) return 'Log in with `docker login`, or give `logins`: a person or robot account of this registry.';
  if (status === 403) return 'The account may not do this: it needs the right to pull and to push.';
  return isPassing(status)
    ? 'The registry is overloaded or down; try again later.'
    : 'Check the name of the image.';
}

/** 501 is for good: the registry does not do such a thing. */
const isPassing = (status: number): boolean => (status >= 500 && status !== 501) || status === 429;
