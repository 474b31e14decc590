import { randomBytes } from 'node:crypto';
import { describe, test } from 'vitest';
import { givenServer, needing } from '../../../../test/support/servers.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { expireSilence } from '../../src/silence/expire-silence.ts';
import { probeSilence } from '../../src/silence/probe-silence.ts';
import { loseAnswersOf } from '../support/losing-proxy.ts';
import { silence } from '../../src/silence/silence.ts';
import type { Silenced, SilenceConfig, SilenceMark } from '../../src/silence/silence-config.ts';

const needsServer = needing('alertmanager');
const unique = (): string => randomBytes(4).toString('hex');

/** Real times: the server compares them with its own. */
const contextOf = (given: Parameters<typeof virtualContext<SilenceMark, Silenced>>[0] = {}) =>
  virtualContext<SilenceMark, Silenced>({ clock: { now: () => Date.now(), sleep: async () => undefined }, idempotencyKey: unique(), ...given });

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
  test('is refused before the run where the clock there is another: it would begin and end at other times', needsServer, async ({ expect }) => {
    const clock = { now: () => Date.now() - 600_000, sleep: async () => undefined };
    expect(await silence.verify?.(configOf(unique()), contextOf({ clock }))).toMatchObject([{ level: 'error', code: 'PROMETHEUS_CLOCK_OFF' }]);
  });

  test('keeps a firing alert from being told, says who, why and until when, and lets it be told again when it is undone', needsServer, async ({ expect }) => {
    const probe = unique();
    await ask('alerts', [{ labels: { alertname: 'RelpipeProbe', probe } }]);
    const context = contextOf();
    const { id, until } = await silence.run(configOf(probe), context);

    expect(await stateOf(probe)).toMatchObject([{ state: 'suppressed', silencedBy: [id] }]);
    const { createdBy, comment, endsAt } = await seen(id);
    expect({ createdBy, comment }).toEqual({ createdBy: 'release bot', comment: expect.stringMatching(/^the database moves \[relpipe /) as string });
    expect(Date.parse(endsAt)).toBe(Date.parse(until));

    const undo = contextOf({ saved: context.states[0]!, output: { id, until } });
    await expireSilence(configOf(probe), undo);
    await expireSilence(configOf(probe), undo);
    expect(await stateOf(probe)).toMatchObject([{ state: 'active', silencedBy: [] }]);
    expect((await seen(id)).status.state).toBe('expired');
  });

  test('ends with the run, unless it is kept', needsServer, async ({ expect }) => {
    const states = [];
    for (const keep of [false, true]) {
      const context = contextOf();
      const { id } = await silence.run(configOf(unique(), { keep }), context);
      const over = contextOf({ saved: context.states[0]! });
      await silence.teardown?.run(configOf('x', { keep }), over);
      states.push((await seen(id)).status.state);
      await expireSilence(configOf('x'), over);
    }
    expect(states).toEqual(['expired', 'active']);
  });

  test('is found by its mark when nobody heard its id, and is not made twice', needsServer, async ({ expect }) => {
    const probe = unique();
    const first = contextOf();
    const made = await silence.run(configOf(probe), first);
    const saved = first.states[0]!;
    expect(await probeSilence(configOf(probe), contextOf({ saved }))).toMatchObject({ found: 'done', output: { id: made.id } });
    expect((await silence.run(configOf(probe), contextOf({ saved, attempt: 2 }))).id).toBe(made.id);
    await expireSilence(configOf(probe), contextOf({ saved }));
    expect(await probeSilence(configOf(probe), contextOf({ saved }))).toEqual({ found: 'not-done' });
  });

  test('whose answer was lost is the one that the next attempt finds', needsServer, async ({ expect }) => {
    const probe = unique();
    await using proxy = await loseAnswersOf(givenServer('alertmanager').url);
    const config = configOf(probe, { alertmanager: proxy.url });
    proxy.losesTheNextAnswer();
    const first = contextOf();
    await expect(silence.run(config, first)).rejects.toMatchObject({ code: 'PROMETHEUS_UNREACHABLE', retryable: true });
    const saved = first.states[0]!;
    const { id } = await silence.run(config, contextOf({ saved, attempt: 2 }));
    const all = await ask<{ id: string; comment: string }[]>('silences');
    expect(all.filter(({ comment }) => comment.includes(saved.mark)).map((one) => one.id)).toEqual([id]);
    proxy.losesTheNextAnswer();
    await expect(expireSilence(config, contextOf({ saved }))).rejects.toMatchObject({ retryable: true });
    await expireSilence(config, contextOf({ saved }));
    expect((await seen(id)).status.state).toBe('expired');
  });

  test('that was asked for and never heard of is not done, and undoing it does nothing', needsServer, async ({ expect }) => {
    const saved = { mark: `[relpipe ${unique()}]` };
    expect(await probeSilence(configOf('x'), contextOf({ saved }))).toEqual({ found: 'not-done' });
    await expireSilence(configOf('x'), contextOf({ saved }));
    await expireSilence(configOf('x'), contextOf());
  });

  test('leaves the silences of others alone', needsServer, async ({ expect }) => {
    const probe = unique();
    const [ours, theirs] = [contextOf(), contextOf()];
    const [{ id: our }, { id: their }] = await Promise.all([silence.run(configOf(probe), ours), silence.run(configOf(probe), theirs)]);
    await expireSilence(configOf(probe), contextOf({ saved: ours.states[0]! }));
    expect([(await seen(our)).status.state, (await seen(their)).status.state]).toEqual(['expired', 'active']);
    await expireSilence(configOf(probe), contextOf({ saved: theirs.states[0]! }));
  });

  test('is checked before the run', needsServer, async ({ expect }) => {
    const verify = async (more: Partial<SilenceConfig>) => silence.verify?.(configOf('x', more), contextOf());
    expect(await verify({})).toEqual([]);
    expect(await verify({ matchers: ['probe=~".*"'] })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
    expect(await verify({ matchers: ['probe=x'] })).toMatchObject([{ level: 'error', code: 'PROMETHEUS_MATCHER_INVALID' }]);
    expect(await verify({ alertmanager: `${givenServer('alertmanager').url}/prefix` })).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_SILENCE_REFUSED' },
    ]);
  });

  test('is refused in the words of the server', needsServer, async ({ expect }) => {
    const refused = silence.run(configOf('x', { for: -1000 }), contextOf());
    await expect(refused).rejects.toMatchObject({ code: 'PROMETHEUS_SILENCE_REFUSED', message: expect.stringMatching(/answered 400: .*end/i) as string });
  });
});
