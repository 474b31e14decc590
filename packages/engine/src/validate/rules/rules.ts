import { approversExist } from './approvers-exist.ts';
import { defaultsDoNotWait } from './defaults-do-not-wait.ts';
import { gatesExist } from './gates-exist.ts';
import { idsAreUnique, idsAreNotReserved } from './ids-are-unique.ts';
import { needsExist } from './needs-exist.ts';
import { noCycles } from './no-cycles.ts';
import { noExpressionsInPlainText } from './no-expressions-in-plain-text.ts';
import { noReservedKeys } from './no-reserved-keys.ts';
import { irreversibleStepsHaveNoRollback } from './irreversible-steps-have-no-rollback.ts';
import type { Rule } from '../validation-context.ts';
import { stageTimeoutsSuffice } from './stage-timeouts-suffice.ts';

export const rules: readonly Rule[] = [
  idsAreUnique,
  idsAreNotReserved,
  needsExist,
  noCycles,
  defaultsDoNotWait,
  gatesExist,
  approversExist,
  stageTimeoutsSuffice,
  irreversibleStepsHaveNoRollback,
  noReservedKeys,
  noExpressionsInPlainText,
];
