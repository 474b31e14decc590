import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import { embeddedConfig } from '../../src/router-kinds/embedded/embedded-config.ts';

test.each([
  { state: 'router.json' },
  { control: 'http://127.0.0.1:9901', 'token-file': 'router.token' },
  { control: 'http://127.0.0.1:9901', token: '${{ secrets.TOKEN }}' },
])('a router is found by its state file, or by its control endpoint and token: %j', (place) => {
  expect(Check(embeddedConfig, place)).toBe(true);
});

test.each([
  {},
  { stat: 'router.json' },
  { control: 'http://127.0.0.1:9901' },
  { control: 'http://127.0.0.1:9901', 'token-file': 'router.token', token: '${{ secrets.TOKEN }}' },
  { state: 'router.json', control: 'http://127.0.0.1:9901', 'token-file': 'router.token' },
  { state: 'router.json', token: '${{ secrets.TOKEN }}' },
])('no, two or unknown ways to find a router are refused: %j', (place) => {
  expect(Check(embeddedConfig, place)).toBe(false);
});
