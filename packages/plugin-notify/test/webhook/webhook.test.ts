import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from '@relpipe/testing/free-port';
import { serve } from '@relpipe/testing/http-server';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { isStepError } from 'relpipe/plugin';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { webhook } from '../../src/webhook/webhook.ts';
import { waiting } from '../support/message.ts';

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks, which answers as given. */
async function receiver(answer: (response: ServerResponse) => void = (response) => response.end()) {
  const received: Received[] = [];
  const served = await serve(async (request, response) => {
    received.push({ method: request.method, headers: request.headers, body: await text(request) });
    answer(response);
  });
  return { received, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

const context = () => virtualContext({ idempotencyKey: 'r1/notify/4.0' });

describe('what a receiver gets', () => {
  test('the message as JSON, with the key by which it recognizes a repetition and the headers of the file', async () => {
    await using to = await receiver();
    await webhook.send({ url: to.url, headers: { authorization: secretOf('Bearer abc'), 'x-team': 'shop' } }, waiting, context());
    expect(to.received).toMatchObject([
      { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'r1/notify/4.0', 'webhook-id': 'r1/notify/4.0', authorization: 'Bearer abc', 'x-team': 'shop' } },
    ]);
    expect(JSON.parse(to.received[0]!.body)).toEqual(waiting);
    expect(to.received[0]!.headers).not.toHaveProperty('webhook-signature');
  });

  test.each([
    ['as Standard Webhooks writes it', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {}],
    ['of any other form', 'a secret of the team', { format: 'raw' }],
  ] as const)('a signature that the reference implementation of Standard Webhooks verifies, with a secret %s', async (_, secret, options) => {
    await using to = await receiver();
    // The reference implementation refuses what is older than five minutes.
    await webhook.send({ url: secretOf(to.url), secret: secretOf(secret) }, waiting, { ...context(), clock: { now: () => Date.now(), sleep: async () => undefined } });
    const [{ body, headers }] = to.received as [Received];
    const check = new Webhook(secret, options);
    expect(check.verify(body, headers as Record<string, string>)).toEqual(waiting);
    expect(() => check.verify(body.replace('ann', 'eve'), headers as Record<string, string>)).toThrow();
  });
});

/** Whether the message surely did not arrive, and whether another try makes sense. */
const failureOf = async (url: string, timeout = 5_000): Promise<unknown> => {
  const error: unknown = await webhook.send({ url, timeout }, waiting, context()).then(() => 'delivered', (error: unknown) => error);
  return isStepError(error) ? { code: error.code, retryable: error.retryable } : error instanceof Error ? 'unknown' : error;
};

describe('an answer', () => {
  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, { code: 'NOTIFY_REFUSED', retryable: false }],
    [401, { code: 'NOTIFY_REFUSED', retryable: false }],
    [429, { code: 'NOTIFY_REFUSED', retryable: true }],
    [503, { code: 'NOTIFY_REFUSED', retryable: true }],
    [504, 'unknown'],
  ])('with the status %d is %j', async (status, expected) => {
    await using to = await receiver((response) => response.writeHead(status).end());
    expect(await failureOf(to.url)).toEqual(expected);
  });

  test('that does not come in time leaves the message unknown', async () => {
    await using to = await receiver(() => undefined);
    expect(await failureOf(to.url, 50)).toBe('unknown');
  });

  test('of which the connection breaks leaves the message unknown', async () => {
    await using to = await receiver((response) => response.destroy());
    expect(await failureOf(to.url)).toBe('unknown');
  });

  test('is impossible where nothing listens: the message did not arrive', async () => {
    expect(await failureOf(`http://127.0.0.1:${await freePort()}`)).toEqual({ code: 'NOTIFY_UNREACHABLE', retryable: true });
    expect(await failureOf('http://no-such-host.invalid')).toEqual({ code: 'NOTIFY_UNREACHABLE', retryable: true });
  });
});

test('an address that is not one of the web is an error before the run, and a secret one when it is used', async () => {
  expect(await webhook.verify?.({ url: 'chat.example.com/hooks' }, context())).toMatchObject([{ level: 'error', code: 'NOTIFY_URL_INVALID', at: ['url'] }]);
  expect(await webhook.verify?.({ url: 'https://chat.example.com/hooks' }, context())).toEqual([]);
  await expect(webhook.send({ url: secretOf('ftp://chat.example.com/token') }, waiting, context())).rejects.toMatchObject({ code: 'NOTIFY_URL_INVALID', message: expect.not.stringContaining('token') as string });
});

test('only a receiver that the file calls so recognizes a repetition', () => {
  expect(webhook.recognizesRepetition?.({ url: 'https://chat.example.com' })).toBe(false);
  expect(webhook.recognizesRepetition?.({ url: 'https://chat.example.com', deduplicates: true })).toBe(true);
});
