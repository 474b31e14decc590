import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/report/view/fold-event.ts';
import type { Box } from '../../../src/report/html/graph/layout-graph.ts';
import { layoutGraph } from '../../../src/report/html/graph/layout-graph.ts';
import { groupEdges } from '../../../src/report/html/graph/group-edges.ts';
import type { Group, Plan, PlanStep } from '../../../src/plan/plan.ts';
import { canaryPlan, planGroup, planOf, planStep } from '../fixtures/canary-plan.ts';
import { RunScript } from '../fixtures/run-script.ts';

const layoutOf = (plan: Plan): Box => layoutGraph(viewOf(new RunScript(plan).events)!);
const all = (box: Box): readonly Box[] => [box, ...box.children.flatMap(all)];

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('the layout of a plan', () => {
  test('the layout of a plan places every step once', () => {
    const keys = all(layoutOf(canaryPlan)).filter(({ of }) => 'step' in of).map(({ key }) => key);
    expect(keys.toSorted()).toEqual(canaryPlan.steps.map(({ key }) => key).toSorted());
  });

  test('the layout of a plan keeps children inside their group and off each other', () => {
    for (const { children, width, height } of all(layoutOf(canaryPlan))) {
      for (const child of children) {
        expect(child.x).toBeGreaterThanOrEqual(0);
        expect(child.x + child.width).toBeLessThanOrEqual(width + 0.5);
        expect(child.y + child.height).toBeLessThanOrEqual(height + 0.5);
        for (const other of children) expect(other === child || apart(child, other)).toBe(true);
      }
    }
  });

  test('the layout of a plan draws stages from left to right in the order of their needs', () => {
    const stages = layoutOf(canaryPlan).children;
    const x = (key: string): number => stages.find((box) => box.key === key)!.x;
    const order = ['quality', 'image', 'approve', 'production', 'retire', 'finally'].map(x);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('the layout of a plan lifts a need between groups to the groups', () => {
    const plan = planOf('p', [planGroup('', 'run'), planGroup('a', 'stage'), planGroup('b', 'stage')], [planStep('a/1', 'a', []), planStep('b/1', 'b', ['a/1'])]);
    const edges = groupEdges(viewOf(new RunScript(plan).events)!);
    expect(edges.get('')).toEqual([{ from: 'a', to: 'b', finally: false }]);
    expect(edges.get('b')).toBeUndefined();
  });

  test('the layout of a plan draws a large group as one box that counts its steps', () => {
    const steps = Array.from({ length: 1000 }, (_, n): PlanStep => planStep(`a/${String(n)}`, 'a', []));
    const boxes = all(layoutOf(planOf('p', [planGroup('', 'run'), planGroup('a', 'stage')], steps)));
    expect(boxes.filter(({ of }) => 'bundle' in of)).toHaveLength(1);
    expect(boxes.length).toBeLessThan(5);
  });

  test('the layout of a plan leaves out a group without steps', () => {
    const groups: readonly Group[] = [planGroup('', 'run'), planGroup('a', 'stage'), planGroup('empty', 'stage', { needs: ['a'] })];
    expect(all(layoutOf(planOf('p', groups, [planStep('a/1', 'a', [])]))).map(({ key }) => key)).toEqual(['', 'a', 'a/1']);
  });
});
