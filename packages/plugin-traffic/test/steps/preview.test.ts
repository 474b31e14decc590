import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { connectRouter } from '../../src/relpipe-router/connect-router.ts';
import { runPreview, teardownPreview, verifyPreview } from '../../src/steps/preview.impl.ts';
import type { PreviewOutputs, PreviewState } from '../../src/steps/preview.ts';
import { embeddedAt, type EmbeddedFixture, startFixture } from '../support/embedded-fixture.ts';

const configFor = ({ stateFile }: EmbeddedFixture) => ({ router: embeddedAt({ state: stateFile }), candidate: 'candidate', match: { header: 'x-tester: yes' } });
const previewOf = async (fixture: EmbeddedFixture) => (await (await connectRouter(fixture)).readStatus()).preview;

test('a preview is set in the router, and its teardown restores the previous preview, also when it is called twice', async () => {
  await using fixture = await startFixture();
  const previous = { side: 'stable', by: 'cookie', name: 'qa' } as const;
  await (await connectRouter(fixture)).setPreview(previous);
  const context = virtualContext<PreviewState>();

  expect(await runPreview(configFor(fixture), context)).toEqual({ side: 'candidate' });
  expect(await previewOf(fixture)).toEqual({ side: 'candidate', by: 'header', name: 'x-tester', value: 'yes' });

  for (let i = 0; i < 2; i += 1) {
    await teardownPreview(configFor(fixture), virtualContext<PreviewState, PreviewOutputs>({ saved: context.states[0] }));
    expect(await previewOf(fixture)).toEqual(previous);
  }
});

test.each([
  ['it has no preview', ''],
  ['requests with the cookie qa get stable', '{"side":"stable","by":"cookie","name":"qa"}'],
])('a router that is dead during the teardown of a preview starts with the previous one: %s', async (prepared, previous) => {
  await using fixture = await startFixture();
  await runPreview(configFor(fixture), virtualContext<PreviewState>());
  await fixture.stopRouter();
  const teardown = () => teardownPreview(configFor(fixture), virtualContext<PreviewState, PreviewOutputs>({ saved: { previous } }));

  await expect(teardown()).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED', retryable: true, hint: containing(`At its next start ${prepared}, by the state file ${fixture.stateFile}`) });

  await fixture.startRouter();
  expect(await previewOf(fixture)).toEqual(previous === '' ? undefined : JSON.parse(previous));
  await teardown();
});

test('a second attempt keeps the preview that was set before the first one', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<PreviewState>({ saved: { previous: '' } });
  await runPreview(configFor(fixture), context);
  await runPreview(configFor(fixture), context);
  expect(context.states).toEqual([{ previous: '' }, { previous: '' }]);
});

test('no preview is left after its teardown when there was none before', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<PreviewState>();
  await runPreview(configFor(fixture), context);
  await teardownPreview(configFor(fixture), virtualContext<PreviewState, PreviewOutputs>({ saved: context.states[0] }));
  expect(await previewOf(fixture)).toBeUndefined();
});

test.each([
  ['another side', { side: 'stable', by: 'header', name: 'x-tester', value: 'yes' }, 'requests with the header x-tester get stable'],
  ['another header', { side: 'candidate', by: 'header', name: 'x-qa' }, 'requests with the header x-qa get candidate'],
  ['none', undefined, 'it has no preview'],
] as const)('the preview that somebody else has set since stays after the teardown, with a line in the log: %s', async (_, theirs, said) => {
  await using fixture = await startFixture();
  const previous = { side: 'stable', by: 'cookie', name: 'qa' } as const;
  await (await connectRouter(fixture)).setPreview(previous);
  const context = virtualContext<PreviewState>();
  const output = await runPreview(configFor(fixture), context);
  await (await connectRouter(fixture)).setPreview(theirs);

  for (const given of [{ output }, {}]) {
    const over = virtualContext<PreviewState, PreviewOutputs>({ saved: context.states[0], ...given });
    await teardownPreview(configFor(fixture), over);
    expect(await previewOf(fixture)).toEqual(theirs);
    expect(over.lines).toEqual([containing(`stays: somebody else has changed it, and ${said}`)]);
  }
});

test('a router that is dead during the teardown starts with the preview that somebody else has set since', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<PreviewState>();
  await runPreview(configFor(fixture), context);
  const theirs = { side: 'stable', by: 'cookie', name: 'qa' } as const;
  await (await connectRouter(fixture)).setPreview(theirs);
  await fixture.stopRouter();

  const over = virtualContext<PreviewState, PreviewOutputs>({ saved: context.states[0] });
  await expect(teardownPreview(configFor(fixture), over)).rejects.toMatchObject({ hint: containing('At its next start requests with the cookie qa get stable') });

  await fixture.startRouter();
  expect(await previewOf(fixture)).toEqual(theirs);
});

test('the teardown of a preview that saved nothing changes nothing', async () => {
  await using fixture = await startFixture();
  await runPreview(configFor(fixture), virtualContext<PreviewState>());
  await teardownPreview(configFor(fixture), virtualContext<PreviewState, PreviewOutputs>());
  expect(await previewOf(fixture)).toMatchObject({ side: 'candidate' });
});

test('a preview of an unknown side is refused before anything starts', async () => {
  await using fixture = await startFixture();
  expect(await verifyPreview({ ...configFor(fixture), candidate: 'canary' }, virtualContext())).toMatchObject([{ level: 'error', code: 'TRAFFIC_SIDE_UNKNOWN' }]);
  expect(await verifyPreview(configFor(fixture), virtualContext())).toEqual([]);
});
