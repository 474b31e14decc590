import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { findingFrom, isFullyKnown, StepError, whyUnreachable } from '../../src/contract/index.ts';

test('a step error that may pass is a warning, because it could only not be checked; any other is an error', () => {
  const down = new StepError('X_DOWN', 'It is down.', { retryable: true, hint: 'Wait.' });
  expect(findingFrom(down)).toEqual({
    level: 'warning',
    code: 'X_DOWN',
    message: 'It is down. It could not be checked.',
    hint: 'Wait.',
  });
  expect(findingFrom(new StepError('X_WRONG', 'It is wrong.'))).toEqual({
    level: 'error',
    code: 'X_WRONG',
    message: 'It is wrong.',
  });
});

test('what is no step error is a fault of the plugin and thrown on', () => {
  const fault = new TypeError('undefined is not a function');
  expect(() => findingFrom(fault)).toThrow(fault);
});

test('a configuration is settled when nothing in it is known only later, however deep', () => {
  expect(isFullyKnown({ a: [1, { b: null }], c: undefined })).toBe(true);
  expect(isFullyKnown({ a: [1, { b: { $later: 'steps.x.outputs.y' } }] })).toBe(false);
});

test('a refused connection is told in words', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  server.close();
  await once(server, 'close');
  const error: unknown = await fetch(`http://127.0.0.1:${String(port)}`).catch((reason: unknown) => reason);
  expect(whyUnreachable(error)).toBe('nothing listens there (connection refused)');
});

test('a failure without a known cause is told by its innermost message', () => {
  expect(whyUnreachable(new TypeError('fetch failed', { cause: new Error('bad port') }))).toBe('bad port');
});
