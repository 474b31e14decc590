import { approversExist } from './approvers-exist.ts';
import { gatesExist } from './gates-exist.ts';
import { idsAreUnique } from './ids-are-unique.ts';
import { needsExist } from './needs-exist.ts';
import { noCircles } from './no-circles.ts';
import { noIdIsTaken } from './no-id-is-taken.ts';
import { nothingIrreversibleIsUndone } from './nothing-irreversible-is-undone.ts';
import type { Rule } from './rule.ts';
import { stageTimeoutsSuffice } from './stage-timeouts-suffice.ts';

export const rules: readonly Rule[] = [
  idsAreUnique,
  noIdIsTaken,
  needsExist,
  noCircles,
  gatesExist,
  approversExist,
  stageTimeoutsSuffice,
  nothingIrreversibleIsUndone,
];
