import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/run/core/rules-version.ts';
import { decideAnew } from './decide-anew.ts';
import { namesOfGoldenRuns, readFacts, readGolden } from './golden-runs.ts';
import { policies } from './policies.ts';
import { statusOf } from './status-of.ts';

const names = namesOfGoldenRuns();

test('there are at least thirty golden runs, recorded under the rules of today', () => {
  expect(names.length).toBeGreaterThanOrEqual(30);
  for (const name of names) expect(readFacts(name)[0]).toMatchObject({ fact: 'planned', rules });
});

describe('a golden run', () => {
  test.each(names)('is shown as it was shown when it was recorded: %s', (name) => {
    const { text, json } = statusOf(readFacts(name));
    expect(text).toBe(readGolden(name, 'status.txt'));
    expect(json).toBe(readGolden(name, 'events.jsonl'));
  });

  test.each(names)('is decided as it was decided, or the number of the rules has to be raised: %s', (name) => {
    const decisions = decideAnew(readFacts(name));
    expect(decisions.filter(({ recorded }) => recorded !== undefined)).toEqual([]);
    expect(decisions.map(({ seq, idle }) => `${JSON.stringify({ seq, idle })}\n`).join('')).toBe(readGolden(name, 'idle.jsonl'));
  });
});

describe('the policies of the core', () => {
  test.each(policies.map(({ n, policy, isIn }) => [n, policy, isIn] as const))('%i, %s, is decided in a golden run', (_n, _policy, isIn) => {
    expect(names.filter((name) => isIn(readFacts(name)))).not.toEqual([]);
  });
});
