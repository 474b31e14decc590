import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import { routerConfig } from '../../src/router-kinds/open-router.ts';

test.each([
  { embedded: { state: 'router.json' } },
  { embedded: { control: 'http://127.0.0.1:9901', 'token-file': 'router.token' } },
  { embedded: { control: 'http://127.0.0.1:9901', token: '${{ secrets.TOKEN }}' } },
])('a router is found by its state file, or by its control endpoint and token: %j', (router) => {
  expect(Check(routerConfig, router)).toBe(true);
});

test.each([
  {},
  { nginx: {} },
  { embedded: {} },
  { embedded: { stat: 'router.json' } },
  { embedded: { control: 'http://127.0.0.1:9901' } },
  { embedded: { control: 'http://127.0.0.1:9901', 'token-file': 'router.token', token: '${{ secrets.TOKEN }}' } },
  { embedded: { state: 'router.json', control: 'http://127.0.0.1:9901', 'token-file': 'router.token' } },
  { embedded: { state: 'router.json', token: '${{ secrets.TOKEN }}' } },
])('no, two or unknown ways to find a router are refused: %j', (router) => {
  expect(Check(routerConfig, router)).toBe(false);
});
