import { StepError } from 'relpipe/plugin';
import { type Answer, messageIn } from './admin-api.ts';

/** An answer that Kong's Admin API does not give. */
export const unreadable = (url: string, path: string, { status, body }: Answer) =>
  new StepError('KONG_UNREADABLE', `What ${url} answers to GET ${path} is not what Kong's Admin API answers (${status}): ${messageIn(body)}.`, {
    hint: 'Check whether the address is that of the Admin API, and not of the proxy.',
  });
