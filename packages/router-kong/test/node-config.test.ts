import { expect, test } from 'vitest';
import { NodeConfig } from '../src/node-config.ts';

/** As Kong writes it: entity by entity, with what YAML 1.1 and 1.2 read differently. */
const exported = `_format_version: '3.0'
_transform: false
services:
- name: shop
  host: shop
  retries: 5
  tags: ~
  tls_verify: ~
  path: 'on'
  read_timeout: 060000
upstreams:
- name: shop
  id: 11111111-1111-4111-8111-111111111111
- name: search
  id: 22222222-2222-4222-8222-222222222222
targets:
- weight: 100
  target: 10.0.0.1:80
  upstream: 11111111-1111-4111-8111-111111111111
- weight: 7
  target: 10.0.0.9:80
  upstream: 22222222-2222-4222-8222-222222222222
- upstream: 11111111-1111-4111-8111-111111111111
  tags:
  - weight
  target: 10.0.0.2:80
  weight: 0
`;
const url = 'http://127.0.0.1:8001';

test.each(['shop', '11111111-1111-4111-8111-111111111111'])('only the weights of the targets of the upstream %s change in the exported text', (upstream) => {
  const config = new NodeConfig(exported, upstream, url);

  expect(config.weights).toEqual({ '10.0.0.1:80': 100, '10.0.0.2:80': 0 });
  const changed = config.withWeights({ '10.0.0.1:80': 54_000, '10.0.0.2:80': 6000 });
  expect(changed).toBe(exported.replace('weight: 100\n', 'weight: 54000\n').replace('weight: 0\n', 'weight: 6000\n'));
});

test('an unknown upstream, an upstream without targets, and a text that is not an export are reported', () => {
  expect(() => new NodeConfig(exported, 'shoop', url)).toThrow(expect.objectContaining({ code: 'KONG_UPSTREAM_UNKNOWN', hint: 'Use one of its upstreams: shop, search.' }));
  expect(() => new NodeConfig('upstreams: [{ name: shop }]', 'shop', url)).toThrow(expect.objectContaining({ code: 'KONG_UPSTREAM_EMPTY' }));
  expect(() => new NodeConfig('upstreams: [', 'shop', url)).toThrow(expect.objectContaining({ code: 'KONG_UNREADABLE' }));
  const withoutWeight = exported.replace('weight: 0\n', '');
  expect(() => new NodeConfig(withoutWeight, 'shop', url)).toThrow(expect.objectContaining({ code: 'KONG_UNREADABLE', message: expect.stringContaining('10.0.0.2:80') as string }));
});
