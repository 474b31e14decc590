import { describe, test } from 'vitest';
import { needing } from '../../../../test/support/servers.ts';
import { routerRules } from '../../src/testing/index.ts';
import { openPlainHaproxyRig } from './support/haproxy.ts';

describe('HAProxy as a router', () => {
  for (const { sentence, holds } of routerRules) test(sentence, needing('haproxy'), () => holds(openPlainHaproxyRig));
});
