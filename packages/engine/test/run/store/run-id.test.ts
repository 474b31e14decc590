import { expect, test } from 'vitest';
import { newRunId } from '../../../src/run/store/run-id.ts';

test('a run id is short, sorts by time, and consists of the minute and a random tail', () => {
  expect(newRunId(Date.UTC(2026, 10, 20, 16, 42, 59))).toMatch(/^20261120-1642-[2-9a-z]{4}$/);
});
