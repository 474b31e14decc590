import { printDuration } from '../../expressions/quantities/duration.ts';
import type { Ms } from '../../model/ms.ts';
import type { PlanMetric } from '../../plan/plan.ts';
import { counted } from '../../util/phrases.ts';
import { hasValue, type Classification } from './classify.ts';
import type { Breach, CurrentVerdict, JudgeState, Streak } from './judge-state.ts';
import { timeText } from './texts.ts';

type Judged = Pick<JudgeState, 'current' | 'failedAt' | 'isCritical'>;

/** What the samples up to `at` come to. A failure stays; it can only become critical. */
export function verdictAfter(before: JudgeState, now: JudgeState, classification: Classification, at: Ms): Judged {
  const isNews = before.failedAt === undefined || (classification.kind === 'critical' && !before.isCritical);
  if (!isNews) return { current: before.current, failedAt: before.failedAt, isCritical: before.isCritical };
  const failure = isBreachNow(before, now) ? failureReason(now, classification, at) : undefined;
  if (failure !== undefined)
    return { current: noted({ verdict: 'fail', because: failure }, classification), failedAt: at, isCritical: classification.kind === 'critical' };
  const current = proven(verdictNow(before, now, classification), now);
  return { current: noted(current, classification), failedAt: undefined, isCritical: false };
}

/** An accepted answer from which something is missing still says so. */
const noted = (current: CurrentVerdict, { missing }: Classification): CurrentVerdict =>
  missing === undefined ? current : { ...current, because: `${current.because}; its answer is partial: ${missing}` };

/** `no-data: fail` makes an empty sample a breach. */
export const isBreach = (metric: PlanMetric, { kind }: Classification): boolean =>
  kind === 'breach' || kind === 'critical' || (kind === 'no-data' && metric.noData === 'fail');

const isBreachNow = (before: JudgeState, now: JudgeState): boolean => (now.breach?.samples ?? 0) > (before.breach?.samples ?? 0);

/** Zero measurements never pass. */
const proven = (current: CurrentVerdict, { measured }: JudgeState): CurrentVerdict =>
  measured === 0 && (current.verdict === 'pass' || current.verdict === 'warn') ? { ...current, verdict: 'inconclusive' } : current;

function verdictNow(before: JudgeState, now: JudgeState, classification: Classification): CurrentVerdict {
  const { text } = classification;
  switch (classification.kind) {
    case 'ok':
      return { verdict: 'pass', because: `${text} (${counted(now.measured, 'value')})` };
    case 'warn':
      return { verdict: 'warn', because: text };
    case 'critical':
    case 'breach':
      return { verdict: 'warn', because: `${text}; ${whatIsMissing(now)}` };
    case 'no-data':
      return verdictWithoutData(before, now);
    case 'error':
    case 'several-series':
      return { verdict: 'error', because: `${text}${inARow(now.streak)}` };
    case 'not-a-number':
    case 'too-few-samples':
    case 'partial':
    case 'no-baseline':
      return { verdict: 'inconclusive', because: `${text}${inARow(now.streak)}${stillInBreach(now)}` };
  }
}

function verdictWithoutData(before: JudgeState, now: JudgeState): CurrentVerdict {
  const because = `has ${now.measured === 0 ? 'had no value' : 'no value'}${sinceWhen(now.streak)}`;
  switch (now.metric.noData) {
    case 'fail':
      return { verdict: 'warn', because: `${because}, which counts as a breach; ${whatIsMissing(now)}` };
    case 'pass':
      return isSingleGap(before) ? before.current : { verdict: 'inconclusive', because: `${because}${stillInBreach(now)}` };
    case 'inconclusive':
      return { verdict: 'inconclusive', because: `${because}${stillInBreach(now)}` };
  }
}

/** A single empty sample changes nothing when the one before it had a value. */
const isSingleGap = ({ streak }: JudgeState): boolean => streak !== undefined && hasValue(streak);

const sinceWhen = (streak: Streak | undefined): string =>
  streak ? ` since ${timeText(streak.sinceAt)} (${counted(streak.samples, 'sample')})` : '';

const inARow = (streak: Streak | undefined): string =>
  streak && streak.samples > 1 ? ` (${streak.samples} samples in a row since ${timeText(streak.sinceAt)})` : '';

const stillInBreach = ({ breach }: JudgeState): string =>
  breach ? `; it was in breach since ${timeText(breach.sinceAt)} and no good value has come since` : '';

/**
 * Why a sample that is a breach is a failure, if it is: a breach has to last (`for`), to come often (`violations`), or to be seen in two samples
 * that share no data.
 */
function failureReason({ metric, breach, breachesAt }: JudgeState, { kind, text }: Classification, at: Ms): string | undefined {
  if (kind === 'critical') return text;
  const { forMs, violations } = metric.threshold;
  if (!breach) return undefined;
  if (forMs !== undefined && at - breach.sinceAt >= forMs)
    return `${text}, for ${printDuration(forMs)} (since ${timeText(breach.sinceAt)}, ${breach.samples} samples)`;
  if (violations && breachesAt.length > violations.moreThan)
    return `${text}, more than ${violations.moreThan} times within ${printDuration(violations.withinMs)}`;
  if (forMs !== undefined || violations || breach.samples < 2 || at < fromWhenItFails(metric, breach)) return undefined;
  return `${text}, ${breach.samples} samples in a row${metric.windowMs === undefined ? '' : ` for its window of ${printDuration(metric.windowMs)}`}`;
}

/** Before it, a sample contains data of the first breach: one burst of errors is in every window that reaches back to it. */
const fromWhenItFails = ({ windowMs = 0 }: PlanMetric, { sinceAt }: Breach): Ms => sinceAt + windowMs;

/** What a breach still lacks, for people who read the warning. */
function whatIsMissing({ metric, breach, breachesAt, period }: JudgeState): string {
  const { forMs, violations } = metric.threshold;
  const since = breach ? ` (since ${timeText(breach.sinceAt)})` : '';
  const ways = [
    ...(forMs === undefined ? [] : [`when it lasts ${printDuration(forMs)}${since}`]),
    ...(violations ? [`at more than ${violations.moreThan} within ${printDuration(violations.withinMs)} (so far ${breachesAt.length})`] : []),
  ];
  if (ways.length > 0) return `fails ${ways.join(' or ')}`;
  const { windowMs = 0 } = metric;
  if (!breach || windowMs <= period.everyMs) return 'fails if the next sample also breaches';
  return `fails if it still breaches at ${timeText(fromWhenItFails(metric, breach))}, one window later`;
}
