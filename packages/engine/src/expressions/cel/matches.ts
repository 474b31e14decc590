import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { messageOf } from '../../util/phrases.ts';

const compiled = new Map<string, RE2JS>();

/** Whether the pattern is found anywhere in the text, in linear time. Throws when the pattern is not RE2. */
export function matches(text: string, pattern: string): boolean {
  const known = compiled.get(pattern);
  if (known) return known.matcher(text).find();
  const fresh = engine().compile(pattern);
  // Patterns come from the file, but one may be built from outputs: do not keep them without bound.
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh.matcher(text).find();
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
