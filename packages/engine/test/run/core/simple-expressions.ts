import type { Json } from '../../../src/contract/index.ts';
import type { Evaluate } from '../../../src/run/core/decide/decision.ts';

/** Expressions of the core's tests: JSON text, or `=` and a path in the scope, e.g. `=steps/build/outputs/digest`. */
export const simpleExpressions: Evaluate = (source, scope) =>
  source.startsWith('=') ? source.slice(1).split('/').reduce<Json>(inside, scope as unknown as Json) : (JSON.parse(source) as Json);

function inside(value: Json, name: string): Json {
  const found = (value as Readonly<Record<string, Json>> | null)?.[name];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
