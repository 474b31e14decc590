import { needing } from '@relpipe/testing/real-servers';
import { describe, test } from 'vitest';
import { routerRules } from '../../src/testing/index.ts';
import { openPlainNginxRig } from './support/nginx.ts';

describe('nginx as a router', () => {
  for (const { sentence, holds } of routerRules) test(sentence, needing('nginx'), () => holds(openPlainNginxRig));
});
