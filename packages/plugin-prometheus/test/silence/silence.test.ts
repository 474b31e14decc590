import { json } from 'node:stream/consumers';
import { serve } from '@relpipe/testing/http-server';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { silence, type SilenceConfig, type SilenceOutputs, type SilenceState } from '../../src/silence/silence.ts';

/** `postableSilence` of Alertmanager's OpenAPI document (api/v2/openapi.yaml). */
const postableSilence = Type.Object(
  {
    id: Type.Optional(Type.String()),
    matchers: Type.Array(Type.Object({ name: Type.String(), value: Type.String(), isRegex: Type.Boolean(), isEqual: Type.Boolean() }, { additionalProperties: false }), { minItems: 1 }),
    startsAt: Type.String(),
    endsAt: Type.String(),
    createdBy: Type.String(),
    comment: Type.String(),
  },
  { additionalProperties: false },
);

const contextOf = () => virtualContext<SilenceState, SilenceOutputs>();
const configOf = (alertmanager: string): SilenceConfig => ({
  alertmanager,
  matchers: ['alertname="High"', 'team!="a"', 'pod=~"b.*"', 'zone!~`c\\d`'],
  for: 600_000,
  author: 'ann',
  reason: 'moving',
  token: secretOf('s3cret'),
});

describe('prometheus.silence', () => {
  test('the step sends a request as the API defines it, with its matchers, times and token', async () => {
    const received: { body: unknown; authorization: string | undefined }[] = [];
    await using server = await serve(async (request, response) => {
      received.push({ body: await json(request), authorization: request.headers.authorization });
      response.end(JSON.stringify({ silenceID: 'an-id' }));
    });
    const context = contextOf();
    const at = context.clock.now();
    expect(await silence.run(configOf(`${server.url}/am/`), context)).toEqual({ id: 'an-id', until: new Date(at + 600_000).toISOString() });
    const [{ body, authorization } = { body: null, authorization: '' }] = received;
    expect([...Value.Errors(postableSilence, body)]).toEqual([]);
    expect(body).toMatchObject({
      matchers: [
        { name: 'alertname', value: 'High', isRegex: false, isEqual: true },
        { name: 'team', value: 'a', isRegex: false, isEqual: false },
        { name: 'pod', value: 'b.*', isRegex: true, isEqual: true },
        { name: 'zone', value: String.raw`c\d`, isRegex: true, isEqual: false },
      ],
      startsAt: new Date(at).toISOString(),
      comment: 'moving [relpipe run-1/stage/step/run]',
    });
    expect(authorization).toBe('Bearer s3cret');
  });

  test('the step saves its mark before it sends the request', async () => {
    const context = contextOf();
    await using server = await serve((_, response) => response.writeHead(context.states.length === 1 ? 503 : 200).end());
    await expect(silence.run(configOf(server.url), context)).rejects.toMatchObject({ code: 'PROMETHEUS_SILENCE_REFUSED', retryable: true });
  });

  test.each([
    [['alertname'], 'PROMETHEUS_MATCHER_INVALID', 'character 10'],
    [['pod=~"("'], 'PROMETHEUS_MATCHER_INVALID', 'not a valid regular expression'],
    [['a="b", c="d"'], 'PROMETHEUS_MATCHER_INVALID', 'the end of the matcher'],
    [['a!="b"'], 'PROMETHEUS_MATCHER_INVALID', 'all alerts'],
  ])('the matchers %j are refused before the run', async (matchers, code, why) => {
    const findings = await silence.verify?.({ ...configOf('http://127.0.0.1:1'), matchers }, contextOf());
    expect(findings).toMatchObject([{ level: 'error', code, message: expect.stringContaining(why) as string }]);
  });
});
