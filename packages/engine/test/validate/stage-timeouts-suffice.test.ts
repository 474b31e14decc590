import { expect, test } from 'vitest';
import { shortestPath, workOf } from '../../src/validate/rules/stage-timeouts-suffice.ts';
import type { StageDeclaration } from '../../src/validate/valid-pipeline.ts';

const stageOf = (parallel: boolean, steps: readonly { readonly id: string; readonly needs: readonly string[]; readonly timeoutMs: number }[]) =>
  ({ parallel, steps: steps.map((step) => ({ ...step, action: { kind: 'task' } })) }) as unknown as StageDeclaration;

test('the steps of a stage in order are one path, however many there are', () => {
  const steps = Array.from({ length: 20_000 }, (_, i) => ({ id: `s${i}`, needs: [], timeoutMs: 1 }));
  expect(workOf(shortestPath(stageOf(false, steps)))).toBe(20_000);
});

test('the shortest path through a parallel stage counts, and a cycle of needs does not hang', () => {
  const paths = [
    { id: 'a', needs: [], timeoutMs: 2 },
    { id: 'b', needs: ['a'], timeoutMs: 5 },
    { id: 'c', needs: ['a'], timeoutMs: 3 },
  ];
  expect(shortestPath(stageOf(true, paths)).map(({ id }) => id)).toEqual(['a', 'c']);
  const cycle = [
    { id: 'a', needs: ['b'], timeoutMs: 2 },
    { id: 'b', needs: ['a'], timeoutMs: 2 },
    { id: 'c', needs: ['b'], timeoutMs: 2 },
  ];
  expect(shortestPath(stageOf(true, cycle)).at(-1)?.id).toBe('c');
});

test('a chain of thousands of steps in a parallel stage is measured without recursion', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => ({ id: `s${i}`, needs: i === 0 ? [] : [`s${i - 1}`], timeoutMs: 1 }));
  expect(workOf(shortestPath(stageOf(true, chain.toReversed())))).toBe(20_000);
});
