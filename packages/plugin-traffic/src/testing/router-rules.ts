import type { RouterRule } from './router-rig.ts';
import { killedAndRolledBack, killedAndResumed } from './rules/killed.ts';
import { nextStartIsPrepared } from './rules/next-start.ts';
import { fiftyChanges, requestsAreMeasured, shareIsServed } from './rules/requests.ts';
import { foreignChangeIsDetected, weightsAreReadBack, unreachableRouterIsReported, unknownSideIsRefused } from './rules/weights.ts';

/**
 * The rules, each on a rig of its own:
 *
 *     for (const { sentence, holds } of routerRules) test(sentence, () => holds(openRig));
 *
 * Some send 10,000 requests or start the built relpipe: give each a minute.
 */
export const routerRules: readonly RouterRule[] = [
  weightsAreReadBack,
  shareIsServed,
  requestsAreMeasured,
  fiftyChanges,
  foreignChangeIsDetected,
  unknownSideIsRefused,
  unreachableRouterIsReported,
  killedAndResumed,
  killedAndRolledBack,
  nextStartIsPrepared,
];
