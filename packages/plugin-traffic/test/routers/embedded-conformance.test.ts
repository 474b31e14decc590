import { describe, test } from 'vitest';
import { routerRules } from '../../src/testing/index.ts';
import { openEmbeddedRig } from './support/embedded-rig.ts';

describe.concurrent('the embedded router', () => {
  for (const { sentence, holds } of routerRules) test(sentence, { timeout: 60_000 }, () => holds(openEmbeddedRig));
});
