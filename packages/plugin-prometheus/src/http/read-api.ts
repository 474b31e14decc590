import type { ReadContext, Static, TSchema } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { callApi, type ApiCall, type ApiReply } from './call-api.ts';
import type { Connection } from './connection.ts';
import { refusal, type Refused } from './refusal.ts';

/** What an answer has to be, and what is said of one that is not. */
export interface Expected<S extends TSchema> extends Refused {
  readonly schema: S;
}

/**
 * One call whose answer is 200 with JSON of a known shape.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_URL_INVALID`, the code of the refusal
 */
export async function readApi<S extends TSchema>(
  base: string,
  call: ApiCall,
  expected: Expected<S>,
  connection: Connection,
  context: ReadContext,
): Promise<Static<S>> {
  return bodyOf(await callApi(base, call, connection, context), expected);
}

/** What an answer says, where it is what is expected. @throws {StepError} the code of the refusal */
export function bodyOf<S extends TSchema>(reply: ApiReply, expected: Expected<S>): Static<S> {
  if (reply.status === 200 && Value.Check(expected.schema, reply.json)) return reply.json;
  // A query may be long, and is told by whoever asked.
  throw refusal({ ...reply, url: reply.url.split('?', 1)[0] ?? reply.url }, expected);
}
