import type { TSchema } from 'typebox';
import { isExpression, isTemplate, type Value } from '../../expressions/value.ts';
import { shapeErrors } from '../../validate/structure/compile-shape.ts';
import { withSecretsAsWritten } from './assert-shape.ts';
import { holdsUnknown } from './planned.ts';

/** What of a configuration does not fit its schema, as far as it is known before the run. */
export function plannedShapeProblem(schema: TSchema, value: Value): string | undefined {
  const wrong = shapeErrors(schema, withSecretsAsWritten(value)).find(({ instancePath }) => !holdsUnknown(valueAt(value, instancePath)));
  if (!wrong) return undefined;
  const place = wrong.instancePath.slice(1).replaceAll('/', '.');
  return `${place === '' ? 'it' : `"${place}"`} ${wrong.message ?? 'is wrong'}`;
}

/** The value at a JSON pointer, or the unknown value on the way there. */
function valueAt(value: Value, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, part) => {
      if (typeof inner !== 'object' || inner === null || isExpression(inner as Value) || isTemplate(inner as Value)) return inner;
      return (inner as Readonly<Record<string, unknown>>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
    }, value);
}
