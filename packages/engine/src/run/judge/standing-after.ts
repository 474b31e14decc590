import { counted } from '../../util/phrases.ts';
import type { Ms } from '../../model/ms.ts';
import { hasValue, type LookFinding } from './classify-look.ts';
import type { JudgeState, Standing, Streak } from './judge-state.ts';
import { timeText } from './moment-text.ts';
import { whatIsMissing, whyFailed } from './why-failed.ts';

type Judged = Pick<JudgeState, 'standing' | 'failedAt' | 'isCritical'>;

/** What the looks up to `at` say. A failure stays; it can only become critical. */
export function standingAfter(before: JudgeState, now: JudgeState, finding: LookFinding, at: Ms): Judged {
  const isNews = before.failedAt === undefined || (finding.kind === 'critical' && !before.isCritical);
  if (!isNews) return { standing: before.standing, failedAt: before.failedAt, isCritical: before.isCritical };
  const failure = isBreachNow(before, now) ? whyFailed(now, finding, at) : undefined;
  if (failure !== undefined)
    return { standing: { verdict: 'fail', because: failure }, failedAt: at, isCritical: finding.kind === 'critical' };
  return { standing: proven(standingNow(before, now, finding), now), failedAt: undefined, isCritical: false };
}

const isBreachNow = (before: JudgeState, now: JudgeState): boolean => (now.breach?.looks ?? 0) > (before.breach?.looks ?? 0);

/** Zero measurements never pass. */
const proven = (standing: Standing, { measured }: JudgeState): Standing =>
  measured === 0 && (standing.verdict === 'pass' || standing.verdict === 'warn')
    ? { ...standing, verdict: 'inconclusive' }
    : standing;

function standingNow(before: JudgeState, now: JudgeState, finding: LookFinding): Standing {
  const { says } = finding;
  switch (finding.kind) {
    case 'ok':
      return { verdict: 'pass', because: `${says} (${counted(now.measured, 'value')})` };
    case 'warn':
      return { verdict: 'warn', because: says };
    case 'critical':
    case 'breach':
      return { verdict: 'warn', because: `${says}; ${whatIsMissing(now)}` };
    case 'no-data':
      return standingWithoutData(before, now);
    case 'error':
    case 'several-series':
      return { verdict: 'error', because: `${says}${inARow(now.streak)}` };
    case 'not-a-number':
    case 'too-few-samples':
    case 'no-baseline':
      return { verdict: 'inconclusive', because: `${says}${inARow(now.streak)}${unhealed(now)}` };
  }
}

function standingWithoutData(before: JudgeState, now: JudgeState): Standing {
  const because = `has ${now.measured === 0 ? 'had no value' : 'no value'}${sinceWhen(now.streak)}`;
  switch (now.metric.noData) {
    case 'fail':
      return { verdict: 'warn', because: `${because}, which counts as a breach; ${whatIsMissing(now)}` };
    case 'pass':
      return isForgiven(before) ? before.standing : { verdict: 'inconclusive', because: `${because}${unhealed(now)}` };
    case 'inconclusive':
      return { verdict: 'inconclusive', because: `${because}${unhealed(now)}` };
  }
}

/** A single empty look changes nothing when the one before it had a value. */
const isForgiven = ({ streak }: JudgeState): boolean => streak !== undefined && hasValue(streak);

const sinceWhen = (streak: Streak | undefined): string =>
  streak ? ` since ${timeText(streak.sinceAt)} (${counted(streak.looks, 'look')})` : '';

const inARow = (streak: Streak | undefined): string =>
  streak && streak.looks > 1 ? ` (${streak.looks} looks in a row since ${timeText(streak.sinceAt)})` : '';

const unhealed = ({ breach }: JudgeState): string =>
  breach ? `; it was in breach since ${timeText(breach.sinceAt)} and no good value has come since` : '';
