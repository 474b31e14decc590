import { describe, test } from 'vitest';
import { needing } from '../../../../test/support/servers.ts';
import { routerRules } from '../../src/testing/index.ts';
import { openPlainNginxRig } from './support/nginx.ts';

describe('nginx as a router', () => {
  for (const { sentence, holds } of routerRules) test(sentence, needing('nginx'), () => holds(openPlainNginxRig));
});
