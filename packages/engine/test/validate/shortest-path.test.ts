import { expect, test } from 'vitest';
import { shortestPath, workOf } from '../../src/validate/rules/shortest-path.ts';
import type { StageDeclaration } from '../../src/validate/valid-pipeline.ts';

const stageOf = (parallel: boolean, steps: readonly { readonly id: string; readonly needs: readonly string[]; readonly timeoutMs: number }[]) =>
  ({ parallel, steps: steps.map((step) => ({ ...step, action: { kind: 'task' } })) }) as unknown as StageDeclaration;

test('steps in order are one path, however many there are', () => {
  const steps = Array.from({ length: 20_000 }, (_, i) => ({ id: `s${i}`, needs: [], timeoutMs: 1 }));
  expect(workOf(shortestPath(stageOf(false, steps)))).toBe(20_000);
});

test('side by side the quickest way through counts, and a circle of needs has an end', () => {
  const ways = [
    { id: 'a', needs: [], timeoutMs: 2 },
    { id: 'b', needs: ['a'], timeoutMs: 5 },
    { id: 'c', needs: ['a'], timeoutMs: 3 },
  ];
  expect(shortestPath(stageOf(true, ways)).map(({ id }) => id)).toEqual(['a', 'c']);
  const circle = [
    { id: 'a', needs: ['b'], timeoutMs: 2 },
    { id: 'b', needs: ['a'], timeoutMs: 2 },
    { id: 'c', needs: ['b'], timeoutMs: 2 },
  ];
  expect(shortestPath(stageOf(true, circle)).at(-1)?.id).toBe('c');
});
