import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import { embeddedConfig } from '../../src/routers/embedded/embedded.ts';

test.each([
  { state: 'router.json' },
  { control: 'http://127.0.0.1:9901', 'token-file': 'router.token' },
  { control: 'http://127.0.0.1:9901', token: '${{ secrets.TOKEN }}' },
])('an embedded router may be given by its state file, or by its control endpoint and token: %j', (place) => {
  expect(Check(embeddedConfig, place)).toBe(true);
});

test.each([
  {},
  { stat: 'router.json' },
  { control: 'http://127.0.0.1:9901' },
  { control: 'http://127.0.0.1:9901', 'token-file': 'router.token', token: '${{ secrets.TOKEN }}' },
  { state: 'router.json', control: 'http://127.0.0.1:9901', 'token-file': 'router.token' },
  { state: 'router.json', token: '${{ secrets.TOKEN }}' },
])('an embedded router with none, several or unknown ways to find it is refused: %j', (place) => {
  expect(Check(embeddedConfig, place)).toBe(false);
});
