import { expressionOf, type Name, namesIn } from '../../expressions/names-in.ts';
import type { Expression } from '../../expressions/value.ts';
import type { StepKey } from '../plan.ts';

/**
 * In `rollback:`, `saved.x` and `outputs.x` mean the step that is undone, and `steps.ID` may be a sibling that runs only there: all three
 * become reads by step key, because a step of a matrix has many.
 */
export function readByKey(expression: Expression, undone: StepKey, siblings: ReadonlyMap<string, StepKey>): Expression {
  const source = namesIn(expression.$expr).reduceRight((text, name) => {
    const start = startByKey(name, undone, siblings);
    return start ? text.slice(0, name.start) + start.text + text.slice(start.end) : text;
  }, expression.$expr);
  return expressionOf(source);
}

function startByKey(name: Name, undone: StepKey, siblings: ReadonlyMap<string, StepKey>) {
  const [first, outputs] = name.segments;
  if ((name.root === 'saved' || name.root === 'outputs') && first?.isQuoted !== true) {
    return { text: `${name.root}[${JSON.stringify(undone)}]`, end: name.start + name.root.length };
  }
  const sibling = name.root === 'steps' && first ? siblings.get(first.name) : undefined;
  return sibling !== undefined && outputs ? { text: `outputs[${JSON.stringify(sibling)}]`, end: outputs.end } : undefined;
}
