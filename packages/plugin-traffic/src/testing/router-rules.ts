import { fiftyChanges } from './rules/fifty-changes.ts';
import { driftIsNoticed } from './rules/drift-is-noticed.ts';
import { killedAndAborted, killedAndResumed } from './rules/killed.ts';
import { nextStartIsPrepared } from './rules/next-start-is-prepared.ts';
import { requestsAreMeasured } from './rules/requests-are-measured.ts';
import { setAndReadBack } from './rules/set-and-read-back.ts';
import { shareIsServed } from './rules/share-is-served.ts';
import { unreachableIsSaid } from './rules/unreachable-is-said.ts';
import { wrongNamesAreSaid } from './rules/wrong-names-are-said.ts';
import type { RouterRule } from './router-rule.ts';

/**
 * The rules, each on a rig of its own:
 *
 *     for (const { sentence, holds } of routerRules) test(sentence, () => holds(openRig));
 *
 * Some send 10,000 requests or start relpipe, as built: give each a minute.
 */
export const routerRules: readonly RouterRule[] = [
  setAndReadBack,
  shareIsServed,
  requestsAreMeasured,
  fiftyChanges,
  driftIsNoticed,
  wrongNamesAreSaid,
  unreachableIsSaid,
  killedAndResumed,
  killedAndAborted,
  nextStartIsPrepared,
];
