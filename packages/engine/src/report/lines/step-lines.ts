import type { Failure } from '../../run/core/failure.ts';
import { listed } from '../../util/phrases.ts';
import { durationText } from '../text/times.ts';
import { becauseText } from '../text/cause.ts';
import { failureLines, runbookLines } from '../text/failures.ts';
import { commandsForWait } from '../text/next-commands.ts';
import { headline, jsonText, oneLine, saysSomething } from '../text/plain-text.ts';
import { identityText, stateSymbols, stateWords, verdictSymbols } from '../text/state-words.ts';
import { waitText } from '../text/wait-text.ts';
import { type EventLine, lineAbout, type LinesOf, type Tone } from './event-line.ts';

/** How many log lines a failure shows. */
const linesOfFailure = 10;

export const attemptStarted: LinesOf<'attempt-started'> = ({ step, verb, attempt }) => {
  if (verb === 'probe') return [lineAbout(step, 'plain', `${stateSymbols.running} checking whether it is already done`)];
  if (verb === 'confirm') return [lineAbout(step, 'plain', `${stateSymbols['rolling-back']} checking whether it is rolled back`)];
  if (verb === 'instruct') return [];
  if (verb === 'rollback') return attempt === 1 ? [] : [lineAbout(step, 'warn', `${stateSymbols['rolling-back']} rollback, attempt ${attempt}`)];
  return [lineAbout(step, 'plain', `${stateSymbols.running} ${attempt === 1 ? 'started' : `attempt ${attempt}`}`)];
};

/** An attempt that succeeded is shown by the end of its step. */
export const attemptEnded: LinesOf<'attempt-ended'> = ({ step, verb, attempt, status, failure, found, artifacts = [], durationMs }) => {
  const kept = artifacts.length === 0 ? [] : [lineAbout(step, 'quiet', `kept ${oneLine(listed(artifacts.map(({ path }) => path)))}`)];
  if (status === 'succeeded') return kept;
  if (verb === 'confirm' && status === 'probed') return found === 'done' ? [] : [lineAbout(step, 'warn', 'not rolled back yet')];
  if (status === 'probed') return [lineAbout(step, 'plain', `probe: ${found ?? 'unknown'}`)];
  const what = verb === 'run' || verb === 'teardown' ? `attempt ${attempt}` : `${verb}, attempt ${attempt},`;
  // The rest, and the hint, come with the end of the step.
  const why = failure === undefined ? '' : `: ${failure.code}: ${headline(failure.message)}`;
  const took = durationText(durationMs);
  const end = status === 'lost' ? `lost: its process exited before reporting a result (${took})` : `${attemptWords[status]} after ${took}`;
  return [lineAbout(step, 'warn', `${stateSymbols.failed} ${what} ${end}${why}`), ...kept];
};

const attemptWords = {
  failed: 'failed',
  'timed-out': 'timed out',
  cancelled: 'cancelled',
} as const;

export const stepWaiting: LinesOf<'step-waiting'> = (event, view, { clock, next }) => {
  const step = view.steps.get(event.step);
  if (step === undefined) return [];
  const wait = lineAbout(event.step, 'plain', `${stateSymbols.waiting} ${waitText(step, { since: event.at, ...event }, event.at, clock)}`);
  return [wait, ...commandsForWait(next, event.why, view.run, event.step).map((text) => lineAbout(event.step, 'plain', `  ${text}`))];
};

export const stepEnded: LinesOf<'step-ended'> = (event, view, { next }) => {
  if (event.end === 'skipped' && view.steps.get(event.step)?.step.tearsDown !== undefined) return [];
  const { step: about, end, durationMs, because, output } = event;
  const tone: Tone = end === 'succeeded' ? 'good' : end === 'skipped' ? 'quiet' : end === 'cancelled' ? 'warn' : 'bad';
  const why = because === undefined || because === event.failure?.message ? '' : `: ${oneLine(becauseText(because))}`;
  const took = durationMs > 0 ? ` in ${durationText(durationMs)}` : '';
  const decided = event.overridden === true && because?.startsWith('accepted by a person') !== true ? ', accepted by a person' : '';
  const gave = saysSomething(output) ? `  ${oneLine(jsonText(output, 120))}` : '';
  return [
    lineAbout(about, tone, `${stateSymbols[end]} ${stateWords[end]}${took}${decided}${why}${gave}`),
    ...[...failureLines(event.failure, next), ...(tone === 'bad' ? runbookLines(view, about, next) : [])].map((text) => lineAbout(about, tone, `  ${text}`)),
    ...(event.failure ? lastLines(about, event.failure, view.steps.get(about)?.lastLines ?? []) : []),
  ];
};

/** Nothing where the failure of a command already contains its last output. */
function lastLines(about: string, { message }: Failure, lines: readonly string[]): readonly EventLine[] {
  const last = lines.slice(-linesOfFailure).map(oneLine);
  const shown = message.split('\n').map(oneLine);
  return last.every((line) => line === '' || shown.includes(line)) ? [] : last.map((line) => lineAbout(about, 'quiet', `  │ ${line}`));
}

export const gateEvaluated: LinesOf<'gate-evaluated'> = ({ step, gate, verdict, because, critical }) => {
  const tone: Tone = verdict === 'pass' ? 'good' : verdict === 'fail' ? 'bad' : 'warn';
  const urgent = critical ? ' (critical)' : '';
  return [lineAbout(step, tone, `${verdictSymbols[verdict]} gate ${gate}: ${verdict}${urgent}, ${oneLine(because)}`)];
};

export const answered: LinesOf<'answered'> = ({ step, who, onBehalfOf, items, yes, withdrawn, counted, because, comment }) => {
  const answer = withdrawn === true ? 'approval withdrawn by' : `${yes ? 'yes' : 'no'} from`;
  const behalf = onBehalfOf === undefined ? '' : ` on behalf of ${oneLine(onBehalfOf)}`;
  const about = items === undefined ? '' : ` to ${items.length === 1 ? 'item' : 'items'} ${items.join(', ')}`;
  const not = counted ? '' : because === undefined ? ' (does not count)' : ` (does not count: ${oneLine(because)})`;
  const vote = `${answer} ${identityText(who)}${behalf}${about}${not}`;
  return [lineAbout(step, yes ? 'good' : withdrawn === true ? 'warn' : 'bad', comment === undefined ? vote : `${vote}: ${oneLine(comment)}`)];
};

/** The members of the groups of a question; a problem is shown by the wait that follows. */
export const groupsResolved: LinesOf<'groups-resolved'> = ({ step, groups }) =>
  Object.entries(groups).flatMap(([name, found]) =>
    'people' in found ? [lineAbout(step, 'quiet', `group ${name}: ${found.people.map(oneLine).join(', ') || 'nobody'}`)] : [],
  );
