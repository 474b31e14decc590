/**
 * Changes each number and each comparison of the core's rules in turn. The promise: no recorded run is shown otherwise. The proof that the
 * golden runs cover the rules: at least one golden decision differs. Mutants that cannot make a difference are listed with the reason.
 */
import { basename } from 'node:path';
import { namesOfGoldenRuns, readFacts } from '../../packages/engine/test/run/golden/golden-runs.ts';
import { policies } from '../../packages/engine/test/run/golden/policies.ts';
import { equivalentMutants } from './equivalent.ts';
import type { Mutant } from './find-mutants.ts';
import { allMutants, tryMutants } from './try-mutants.ts';

const runs = namesOfGoldenRuns().map((name) => ({ name, facts: readFacts(name) }));
const known = new Set(equivalentMutants.map(({ file, code, change }) => `${file} ${code} ${change}`));
const nameOf = (mutant: Mutant): string => `${basename(mutant.file)} ${mutant.code} ${mutant.from} → ${mutant.to}`;

const mutants = allMutants();
const equivalent = mutants.filter((mutant) => known.has(nameOf(mutant)));
const unused = [...known].filter((name) => !mutants.some((mutant) => nameOf(mutant) === name));
let changed = 0;
const undetected: Mutant[] = [];
await tryMutants(mutants, runs, true, (mutant, { decidedOtherwise, shownOtherwise }) => {
  changed += shownOtherwise.length;
  if (shownOtherwise.length > 0) console.error(`shown otherwise: ${nameOf(mutant)}: ${shownOtherwise.join(', ')}`);
  if (decidedOtherwise.length === 0 && !known.has(nameOf(mutant))) undetected.push(mutant);
});

for (const mutant of undetected) console.error(`no golden decision differs: ${mutant.file}:${String(mutant.line)}: ${nameOf(mutant)}`);
for (const name of unused) console.error(`listed as equivalent, and there is no such mutant: ${name}`);
const figures = { policies: policies.length, mutants: mutants.length, 'statuses changed': changed, undetected: undetected.length, equivalent: equivalent.length };
console.log(Object.entries(figures).map(([name, figure]) => `${name}: ${String(figure)}`).join(', '));
process.exitCode = changed + undetected.length + unused.length === 0 ? 0 : 1;
