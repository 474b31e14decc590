import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { messageOf } from '../util/phrases.ts';

const compiled = new Map<string, RE2JS>();

/** Whether the pattern is found anywhere in the text, in linear time. Throws when the pattern is not RE2. */
export const matches = (text: string, pattern: string): boolean => compile(pattern).matcher(text).find();

/** The named groups of a pattern that fits the whole text, without those that took no part; undefined where it does not fit. Linear time. */
export function groupsOfWhole(text: string, pattern: string): Readonly<Record<string, string>> | undefined {
  const matcher = compile(pattern).matcher(text);
  if (!matcher.matches()) return undefined;
  return Object.fromEntries(Object.entries(matcher.getNamedGroups()).flatMap(([name, group]) => (group === null ? [] : [[name, group]])));
}

/** The names of the groups of a valid pattern: `v(?P<version>.+)` has `version`. */
export const groupNames = (pattern: string): readonly string[] => Object.keys(compile(pattern).namedGroups());

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const fresh = engine().compile(pattern);
  // Patterns come from the file, but one may be built from outputs: do not keep them without bound.
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh;
}

/** The error of a pattern; `undefined` when it is valid. */
export function patternProblem(pattern: string): string | undefined {
  try {
    engine().compile(pattern);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

let loaded: typeof RE2JS | undefined;

/** Loaded by the first pattern: few files have one, and expressions are read at every start. */
const engine = (): typeof RE2JS => (loaded ??= (createRequire(import.meta.url)('re2js') as typeof import('re2js')).RE2JS);
