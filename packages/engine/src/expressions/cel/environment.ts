import { Environment } from '@marcbachmann/cel-js';
import { addDefault } from './add-default.ts';
import { addMixedNumbers } from './add-mixed-numbers.ts';
import { addQuantities } from './add-quantities.ts';
import { addSemver } from './add-semver.ts';
import { matches } from './matches.ts';

/**
 * CEL with the types of the language, and no variables yet: clone it and register what an expression reads.
 * `timespan` and `re2find` stand for `duration` and `matches`, which the library occupies (see `standIns`).
 */
export function createEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false });
  addQuantities(environment);
  addSemver(environment);
  addMixedNumbers(environment);
  addDefault(environment);
  return environment.registerFunction('string.re2find(string): bool', matches);
}
