import { routerRules } from '@relpipe/plugin-traffic/testing';
import { describe, test } from 'vitest';
import { dbLess, withDatabase } from './support/kong-rigs.ts';

const rules = routerRules.filter(({ needs }) => needs === undefined);

describe.concurrent('Kong as a router (stand-in with a database)', () => {
  for (const { sentence, holds } of rules) test(sentence, { timeout: 120_000 }, () => holds(withDatabase));
});

describe.concurrent('Kong as a router (stand-in of two DB-less nodes)', () => {
  for (const { sentence, holds } of rules) test(sentence, { timeout: 120_000 }, () => holds(dbLess));
});
