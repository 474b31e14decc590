import { printDuration } from '../../expressions/quantities/duration.ts';
import type { Ms } from '../../model/ms.ts';
import type { LookFinding } from './classify-look.ts';
import type { JudgeState } from './judge-state.ts';
import { timeText } from './moment-text.ts';

/** Why a look that was a breach is a failure, if it is: a breach has to last (`for`), to come often (`violations`), or twice in a row. */
export function whyFailed({ metric, breach, breachesAt }: JudgeState, { kind, says }: LookFinding, at: Ms): string | undefined {
  if (kind === 'critical') return says;
  const { forMs, violations } = metric.threshold;
  if (!breach) return undefined;
  if (forMs !== undefined && at - breach.sinceAt >= forMs)
    return `${says}, for ${printDuration(forMs)} (since ${timeText(breach.sinceAt)}, ${breach.looks} looks)`;
  if (violations && breachesAt.length > violations.moreThan)
    return `${says}, more than ${violations.moreThan} times within ${printDuration(violations.withinMs)}`;
  if (forMs === undefined && !violations && breach.looks >= 2) return `${says}, ${breach.looks} looks in a row`;
  return undefined;
}

/** What a breach still lacks, for people who read the warning. */
export function whatIsMissing({ metric, breach, breachesAt }: JudgeState): string {
  const { forMs, violations } = metric.threshold;
  const since = breach ? ` (since ${timeText(breach.sinceAt)})` : '';
  const ways = [
    ...(forMs === undefined ? [] : [`when it lasts ${printDuration(forMs)}${since}`]),
    ...(violations ? [`at more than ${violations.moreThan} within ${printDuration(violations.withinMs)} (so far ${breachesAt.length})`] : []),
  ];
  return `fails ${ways.length > 0 ? ways.join(' or ') : 'at the next look like it'}`;
}
