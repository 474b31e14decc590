import { randomBytes } from 'node:crypto';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, test } from 'vitest';
import { probe as probeSilence, rollback } from '../../src/silence/silence.impl.ts';
import { silence, type SilenceConfig, type SilenceOutputs, type SilenceState } from '../../src/silence/silence.ts';
import { loseResponsesOf } from '../support/losing-proxy.ts';

const needsServer = needing('alertmanager');
const unique = (): string => randomBytes(4).toString('hex');

/** Real times: the server compares them with its own. */
const contextOf = (given: Parameters<typeof virtualContext<SilenceState, SilenceOutputs>>[0] = {}) =>
  virtualContext<SilenceState, SilenceOutputs>({ clock: { now: () => Date.now(), sleep: async () => undefined }, idempotencyKey: unique(), ...given });

const configOf = (probe: string, more: Partial<SilenceConfig> = {}): SilenceConfig => ({
  alertmanager: givenServer('alertmanager').url,
  matchers: ['alertname="RelpipeProbe"', `probe=~"${probe}|none"`],
  for: 3_600_000,
  author: 'release bot',
  reason: 'the database moves',
  ...more,
});

interface Seen {
  readonly status: { readonly state: string };
  readonly createdBy: string;
  readonly comment: string;
  readonly endsAt: string;
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${givenServer('alertmanager').url}/api/v2/${path}`, body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) });
  return (body === undefined ? await response.json() : undefined) as T;
}

const seen = (id: string): Promise<Seen> => ask(`silence/${id}`);
const stateOf = async (probe: string): Promise<unknown> =>
  (await ask<{ status: unknown }[]>(`alerts?filter=${encodeURIComponent(`probe="${probe}"`)}`)).map(({ status }) => status);

describe.concurrent('prometheus.silence', () => {
  test('a silence is refused before the run when the clock of the server differs, because it would start and end at other times', needsServer, async ({ expect }) => {
    const clock = { now: () => Date.now() - 600_000, sleep: async () => undefined };
    expect(await silence.verify?.(configOf(unique()), contextOf({ clock }))).toMatchObject([{ level: 'error', code: 'PROMETHEUS_CLOCK_SKEW' }]);
  });

  test('a silence suppresses a firing alert with author, reason and end, until it is rolled back', needsServer, async ({ expect }) => {
    const probe = unique();
    await ask('alerts', [{ labels: { alertname: 'RelpipeProbe', probe } }]);
    const context = contextOf();
    const { id, until } = await silence.run(configOf(probe), context);

    expect(await stateOf(probe)).toMatchObject([{ state: 'suppressed', silencedBy: [id] }]);
    const { createdBy, comment, endsAt } = await seen(id);
    expect({ createdBy, comment }).toEqual({ createdBy: 'release bot', comment: expect.stringMatching(/^the database moves \[relpipe /) as string });
    expect(Date.parse(endsAt)).toBe(Date.parse(until));

    const after = contextOf({ saved: context.states[0]!, output: { id, until } });
    await rollback(configOf(probe), after);
    await rollback(configOf(probe), after);
    expect(await stateOf(probe)).toMatchObject([{ state: 'active', silencedBy: [] }]);
    expect((await seen(id)).status.state).toBe('expired');
  });

  test('a silence ends with the run, unless it is kept', needsServer, async ({ expect }) => {
    const states = [];
    for (const keep of [false, true]) {
      const context = contextOf();
      const { id } = await silence.run(configOf(unique(), { keep }), context);
      const over = contextOf({ saved: context.states[0]! });
      await silence.teardown?.run(configOf('x', { keep }), over);
      states.push((await seen(id)).status.state);
      await rollback(configOf('x'), over);
    }
    expect(states).toEqual(['expired', 'active']);
  });

  test('a silence whose id was lost is found by its mark, and not created twice', needsServer, async ({ expect }) => {
    const probe = unique();
    const first = contextOf();
    const made = await silence.run(configOf(probe), first);
    const saved = first.states[0]!;
    expect(await probeSilence(configOf(probe), contextOf({ saved }))).toMatchObject({ found: 'done', output: { id: made.id } });
    expect((await silence.run(configOf(probe), contextOf({ saved, attempt: 2 }))).id).toBe(made.id);
    await rollback(configOf(probe), contextOf({ saved }));
    expect(await probeSilence(configOf(probe), contextOf({ saved }))).toEqual({ found: 'not-done' });
  });

  test('a silence whose response was lost is found by the next attempt', needsServer, async ({ expect }) => {
    const probe = unique();
    await using proxy = await loseResponsesOf(givenServer('alertmanager').url);
    const config = configOf(probe, { alertmanager: proxy.url });
    proxy.losesTheNextResponse();
    const first = contextOf();
    await expect(silence.run(config, first)).rejects.toMatchObject({ code: 'PROMETHEUS_UNREACHABLE', retryable: true });
    const saved = first.states[0]!;
    const { id } = await silence.run(config, contextOf({ saved, attempt: 2 }));
    const all = await ask<{ id: string; comment: string }[]>('silences');
    expect(all.filter(({ comment }) => comment.includes(saved.mark)).map((one) => one.id)).toEqual([id]);
    proxy.losesTheNextResponse();
    await expect(rollback(config, contextOf({ saved }))).rejects.toMatchObject({ retryable: true });
    await rollback(config, contextOf({ saved }));
    expect((await seen(id)).status.state).toBe('expired');
  });

  test('a silence that was never created is probed as not done, and rolling it back does nothing', needsServer, async ({ expect }) => {
    const saved = { mark: `[relpipe ${unique()}]` };
    expect(await probeSilence(configOf('x'), contextOf({ saved }))).toEqual({ found: 'not-done' });
    await rollback(configOf('x'), contextOf({ saved }));
    await rollback(configOf('x'), contextOf());
  });

  test('a rollback leaves the silences of others alone', needsServer, async ({ expect }) => {
    const probe = unique();
    const [ours, theirs] = [contextOf(), contextOf()];
    const [{ id: our }, { id: their }] = await Promise.all([silence.run(configOf(probe), ours), silence.run(configOf(probe), theirs)]);
    await rollback(configOf(probe), contextOf({ saved: ours.states[0]! }));
    expect([(await seen(our)).status.state, (await seen(their)).status.state]).toEqual(['expired', 'active']);
    await rollback(configOf(probe), contextOf({ saved: theirs.states[0]! }));
  });

  test('the matchers and the server are checked before the run', needsServer, async ({ expect }) => {
    const verify = async (more: Partial<SilenceConfig>) => silence.verify?.(configOf('x', more), contextOf());
    expect(await verify({})).toEqual([]);
    expect(await verify({ matchers: ['probe=~".*"'] })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
    expect(await verify({ matchers: ['probe=x'] })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
    expect(await verify({ alertmanager: `${givenServer('alertmanager').url}/prefix` })).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_SILENCE_REFUSED' },
    ]);
  });

  test('a silence that the server refuses is an error with its message', needsServer, async ({ expect }) => {
    const refused = silence.run(configOf('x', { for: -1000 }), contextOf());
    await expect(refused).rejects.toMatchObject({ code: 'PROMETHEUS_SILENCE_REFUSED', message: expect.stringMatching(/returned 400: .*end/i) as string });
  });
});
