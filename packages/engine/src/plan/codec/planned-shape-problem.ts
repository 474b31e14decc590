import type { TSchema } from 'typebox';
import { isExpression, isTemplate, type Value } from '../../expressions/value.ts';
import { shapeErrors } from '../../validate/structure/compile-shape.ts';
import { pathOfPointer } from '../../validate/structure/path-of-pointer.ts';
import { pickShapeErrors } from '../../validate/structure/pick-shape-errors.ts';
import { describe } from '../../validate/structure/shape-words.ts';
import { withSecretsAsWritten } from './assert-shape.ts';
import { holdsUnknown } from './planned.ts';
import { shapeProblem } from './shape-problem.ts';

export interface PlannedShapeProblem {
  readonly path: readonly string[];
  /** The end of a sentence. */
  readonly problem: string;
}

/** What of a configuration does not fit its schema, as far as it is known before the run. */
export function plannedShapeProblem(schema: TSchema, value: Value): PlannedShapeProblem | undefined {
  const wrong = pickShapeErrors(shapeErrors(schema, withSecretsAsWritten(value))).find(({ instancePath }) => !holdsUnknown(valueAt(value, instancePath)));
  return wrong && { path: pathOfPointer(wrong.instancePath), problem: `${shapeProblem(wrong)}; here is ${describe(wrong.data)}` };
}

/** The value at a JSON pointer, or the unknown value on the way there. */
function valueAt(value: Value, pointer: string): unknown {
  return pathOfPointer(pointer).reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null || isExpression(inner as Value) || isTemplate(inner as Value)) return inner;
    return (inner as Readonly<Record<string, unknown>>)[part];
  }, value);
}
