import type { ScopeType } from '../scope.ts';

/** Everything that is text in canonical JSON. */
const texts: ReadonlySet<ScopeType> = new Set(['string', 'choice', 'path', 'semver', 'percent', 'duration', 'size']);

/** Types whose values are told apart only when they are looked at. */
const plainTexts: ReadonlySet<ScopeType> = new Set(['string', 'choice', 'path']);

/** Whether a value of a type can be given where another type is expected. */
export function fits(type: ScopeType, expected: ScopeType): boolean {
  if (type === expected || type === 'any' || expected === 'any') return true;
  if (expected === 'string') return texts.has(type);
  if (plainTexts.has(expected)) return plainTexts.has(type);
  return expected === 'number' && type === 'integer';
}
