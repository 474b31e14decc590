import { needing } from '@relpipe/testing/real-servers';
import { describe, test } from 'vitest';
import { routerRules } from '../../src/testing/index.ts';
import { openPlainHaproxyRig } from './support/haproxy.ts';

describe('HAProxy as a router', () => {
  for (const { sentence, holds } of routerRules) test(sentence, needing('haproxy'), () => holds(openPlainHaproxyRig));
});
