import { routerRules } from '@relpipe/plugin-traffic/testing';
import { describe, test } from 'vitest';
import { gatewayObjects, istioObjects, rigOf } from './support/route-rigs.ts';

const rules = routerRules.filter(({ needs }) => needs === undefined);

describe.concurrent.each([
  ['Istio', istioObjects],
  ['Gateway API', gatewayObjects],
])('%s as a router (stand-in)', (_, objects) => {
  for (const { sentence, holds } of rules) test(sentence, { timeout: 120_000 }, () => holds(rigOf(objects)));
});
