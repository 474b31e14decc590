import type { Failure } from '../../../run/core/failure.ts';
import { rollbackOrderOf, becauseText } from '../../text/cause.ts';
import { notRolledBack, notRolledBackText, runbookOf } from '../../text/failures.ts';
import { commandsForRun, commandsForWait, nextCommandsAt } from '../../text/next-commands.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import { identityText } from '../../text/state-words.ts';
import type { WallClock } from '../../text/times.ts';
import { undeliveredLines } from '../../text/undelivered.ts';
import { waitText, windowText } from '../../text/wait-text.ts';
import { groupsAwaitingWindow, lastTransition, modeOf, openWaitOf, type RunView, type StepView } from '../../view/run-view.ts';
import { html, type Html, rowId } from '../html.ts';

/** Why the run turned back, what went wrong, whom it waits for, and what was rolled back or is still in effect; nothing when all is well. */
export function attentionSection(view: RunView, clock: WallClock): Html {
  const left = notRolledBack(view);
  const articles = [
    ...personArticles(view),
    ...haltArticles(view),
    ...[...failuresOf(view)].map((failed) => failureArticle(failed, runbookOf(view, failed.key))),
    ...waitingArticles(view, clock),
    ...undeliveredArticles(view, clock),
    ...(left.length > 0 ? [listArticle('Not rolled back', left.map((key) => html`${linkTo(key)} ${notRolledBackText(view.steps.get(key))}`))] : []),
  ];
  if (articles.length === 0) return html``;
  return html`
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">What needs attention</h2>
      ${articles}
      ${rolledBackArticle(view)}
    </section>`;
}

/** A person who rolls back is the cause, whatever went wrong before. */
function personArticles(view: RunView): readonly Html[] {
  const rollback = rollbackOrderOf(view);
  return rollback ? [html`<article><h3>Rolled back by ${identityText(rollback.who)}</h3><p>${plainText(rollback.reason)}</p></article>`] : [];
}

/** A run that waits until somebody continues it. */
function haltArticles(view: RunView): readonly Html[] {
  if (view.over || (modeOf(view) !== 'paused' && !view.interrupted)) return [];
  const because = view.interrupted ? `It was interrupted (${view.interrupted.signal}).` : becauseText(lastTransition(view)?.because ?? '');
  const commands = commandsForRun(nextCommandsAt(), view).filter(({ to }) => to !== 'report');
  return [
    html`
      <article>
        <h3>${view.interrupted ? 'Interrupted' : 'Paused'}</h3>
        <p>${because}</p>
        <ul>${commands.map(({ to, command }) => html`<li>${to}: <code>${command}</code></li>`)}</ul>
      </article>`,
  ];
}

/** Messages that somebody may not have got. */
function undeliveredArticles(view: RunView, clock: WallClock): readonly Html[] {
  const lines = undeliveredLines(view, clock);
  return lines.length === 0 ? [] : [listArticle('Messages', lines.map((line) => html`${line}`))];
}

interface Failed {
  readonly key: string;
  readonly what: string;
  /** A gate, a person or a time limit ends a step without an error of its own. */
  readonly why: Failure | string;
}

function* failuresOf(view: RunView): Iterable<Failed> {
  for (const { step, state, failure, because, rollback } of view.steps.values()) {
    const left = step.tearsDown === undefined ? '' : `: what ${step.tearsDown} started may still be running`;
    const isBad = state === 'failed' || state === 'unknown';
    if (failure) yield { key: step.key, why: failure, what: `failed${left}` };
    else if (isBad && because !== undefined) yield { key: step.key, why: because, what: state === 'failed' ? 'failed' : 'ended with an unknown outcome' };
    if (rollback?.failure) yield { key: step.key, why: rollback.failure, what: 'could not be rolled back' };
  }
  for (const { group, state, because, rollback } of view.groups.values()) {
    if (state === 'failed' && because !== undefined) yield { key: group.key, why: because, what: 'failed' };
    if (rollback?.failure) yield { key: group.key, why: rollback.failure, what: 'could not be rolled back' };
  }
}

function failureArticle({ key, what, why }: Failed, runbook: string | undefined): Html {
  const advice = runbook === undefined ? '' : html`<p class="hint">Runbook: ${textOrLink(nextCommandsAt().inText(runbook))}</p>`;
  if (typeof why === 'string') return html`<article><h3>${linkTo(key)} ${what}</h3><p>${plainText(becauseText(why))}</p>${advice}</article>`;
  return html`
    <article>
      <h3>${linkTo(key)} ${what}</h3>
      ${failureText(why)}
      ${why.hint !== undefined && html`<p class="hint">${why.hint}</p>`}
      ${advice}
    </article>`;
}

const textOrLink = (text: string): Html | string => (/^https?:\/\/\S+$/.test(text) ? html`<a href="${text}">${text}</a>` : plainText(text));

/** The sentence of a failure, and the output that follows it as it was printed. */
export function failureText({ message, code }: Failure): Html {
  const [first = '', ...output] = plainText(message).split('\n');
  return html`
    <p>${first} <code>${code}</code></p>
    ${output.length > 0 && html`<pre tabindex="0">${output.join('\n')}</pre>`}`;
}

const waitsForPerson: ReadonlySet<string> = new Set(['approval', 'outcome-unknown', 'manual-rollback']);

/** The report is read later: when a wait ends is said, and not how much time is left. */
function waitingArticles(view: RunView, clock: WallClock): readonly Html[] {
  if (view.over) return [];
  const next = nextCommandsAt();
  const elsewhere: WallClock = { ...clock, near: (at) => clock.dateTimeZone(at) };
  const groups = groupsAwaitingWindow(view).map(({ key, wait }) => windowArticle(key, windowText(wait, Infinity, elsewhere)));
  const steps = [...view.steps.values()].flatMap((step) => {
    const wait = openWaitOf(step);
    if (wait?.why === 'window') return [windowArticle(step.step.key, windowText(wait, Infinity, elsewhere))];
    if (!wait || !waitsForPerson.has(wait.why)) return [];
    const commands = commandsForWait(next, wait.why, view.run, step.step.key);
    return [
      html`
        <article class="waiting">
          <h3>${linkTo(step.step.key)} waits for a person</h3>
          <p>${waitText(step, wait, Infinity, elsewhere)}</p>
          <ul>${commands.map((command) => html`<li><code>${command}</code></li>`)}</ul>
        </article>`,
    ];
  });
  return [...groups, ...steps];
}

const windowArticle = (key: string, text: string): Html => html`
  <article class="waiting">
    <h3>${linkTo(key)} waits for its window</h3>
    <p>${text}</p>
  </article>`;

function rolledBackArticle(view: RunView): Html {
  const rolledBack = [...view.steps.values()].filter((step) => step.rollback?.state === 'rolled-back' && hasActed(step));
  if (rolledBack.length === 0) return html``;
  return listArticle(`Rolled back`, rolledBack.map(({ step }) => html`${linkTo(step.key)}${step.title === step.id ? '' : ` ${oneLine(step.title)}`}`), 'rolled-back');
}

const hasActed = ({ step, startedAt }: StepView): boolean => step.act.act === 'task' && startedAt !== undefined;

/** A large matrix is in the table of steps. */
const mostListed = 50;

function listArticle(title: string, items: readonly Html[], kind = ''): Html {
  const more = items.length - mostListed;
  return html`
    <article class="${kind}">
      <h3>${title}</h3>
      <ul>${items.slice(0, mostListed).map((item) => html`<li>${item}</li>`)}${more > 0 && html`<li>and ${more} more</li>`}</ul>
    </article>`;
}

const linkTo = (key: string): Html => html`<a href="#${rowId(key)}">${key}</a>`;
