import type { Json, Outcome } from '../../contract/index.ts';
import { evolve } from '../../run/core/evolve.ts';
import type { Fact, Identity, Result } from '../../run/core/fact.ts';
import { messageIdOf } from '../../run/core/notice.ts';
import type { Delivery } from '../../run/core/state/delivery.ts';
import type { StepState } from '../../run/core/state/node.ts';
import { type AskOp, type Op, ownerOf, type TaskOp, type TimerOp } from '../../run/core/operation.ts';
import { approversIn } from '../../run/core/votes.ts';
import { groupOf, newRunState, nodeOf, type News, type RunState, stepOf } from '../../run/core/state/run-state.ts';
import type { RecordedEvent } from './run-event.ts';

type Unnumbered = RecordedEvent extends infer E ? (E extends RecordedEvent ? Omit<E, 'run' | 'seq' | 'i' | 'at'> : never) : never;

/**
 * What a fact means to people: pure, from the fact and the state right after it. The same fact always produces the same events under the
 * same keys `(run, seq, i)`, so that a reader gets none twice and misses none.
 */
export function projectEvents(fact: Fact, state: RunState): RecordedEvent[] {
  const events = [...eventsOfFact(fact, state), ...state.news.flatMap((news) => eventsOfNews(news, state))];
  return events.map((event, i) => ({ run: state.run, seq: fact.seq, i, at: fact.at, ...event }));
}

/** The last event of a run; not a fact, because it follows from all of them. */
export function runOver(state: RunState, outcome: Outcome, outputs: Readonly<Record<string, Json>>): RecordedEvent {
  return {
    run: state.run,
    seq: state.seq + 1,
    i: 0,
    at: state.now,
    type: 'run-over',
    outcome,
    ...because(state),
    notRolledBack: [...(state.notRolledBack ?? [])],
    outputs,
    durationMs: state.now - state.startedAt,
  };
}

/** A success in part names what failed. */
function because(state: RunState): { readonly because?: string } {
  if (state.because !== undefined) return { because: state.because };
  return state.failed.length > 0 ? { because: `failed: ${state.failed.join(', ')}` } : {};
}

function eventsOfFact(fact: Fact, state: RunState): Unnumbered[] {
  switch (fact.fact) {
    case 'planned':
      return [{ type: 'run-started', plan: fact.plan, who: fact.who }];
    case 'decided':
    case 'resumed':
    case 'answered': // shown when it is decided what it counts as
    case 'notified':
      return [];
    case 'ended':
      return [attemptEnded(fact.key, fact.result, fact.at, state)];
    case 'saved':
      return [{ type: 'state-saved', step: ownerOf(fact.key), state: fact.state }];
    case 'evaluated': {
      const { verdict, because, critical, observedAt, coveredUntil } = fact;
      const gate = fact.key.slice(fact.key.lastIndexOf('!watch.') + '!watch.'.length);
      return [{ type: 'gate-evaluated', step: ownerOf(fact.key), gate, verdict, because, critical, observedAt, coveredUntil }];
    }
    case 'commanded':
      return [commandedEvent(fact)];
    case 'fired':
      return [];
    case 'resolved':
      return [{ type: 'groups-resolved', step: ownerOf(fact.key), groups: fact.groups }];
    case 'locked':
      return [{ type: 'concurrency', group: fact.lock, now: 'held' }];
    case 'lock-awaited':
    case 'lock-refused':
      return [{ type: 'concurrency', group: fact.lock, now: fact.fact === 'lock-awaited' ? 'waiting' : 'refused', holder: fact.holder }];
    case 'clock-set':
      return [{ type: 'clock-set', byMs: fact.byMs }];
  }
}

function commandedEvent({ command, who, reason }: Extract<Fact, { fact: 'commanded' }>): Unnumbered {
  const { step, accept }: { readonly step?: string; readonly accept?: true } = command.name === 'continue' ? command : {};
  return { type: 'commanded', command: command.name, ...(step !== undefined && { step }), ...(accept && { accept }), who: personOf(who), reason };
}

/** A name that nobody has checked is shown as a claim. */
const personOf = (who: Identity): Identity & { readonly identity?: 'claimed' } => (who.by === 'flag' ? { ...who, identity: 'claimed' } : who);

function eventsOfOp(op: Op, state: RunState): Unnumbered[] {
  if (op.op === 'task') return [attemptStarted(op)];
  if (op.op === 'timer') return op.why === 'window' ? [windowAwaited(op, state)] : timerStarted(op, state);
  return op.op === 'ask' ? [asked(op, state)] : [];
}

const attemptStarted = ({ step, verb, attempt }: TaskOp): Unnumbered => ({ type: 'attempt-started', step, verb, attempt });

function timerStarted({ step, why, at }: TimerOp, state: RunState): Unnumbered[] {
  // An approval whose people could not be found has said until when it waits.
  if (why === 'backoff' && state.steps.get(step)?.plan.act.act === 'approval') return [];
  if (why === 'hold') return [{ type: 'step-waiting', step, why: 'hold', until: at }];
  if (why === 'backoff' || why === 'rollback-backoff') return [{ type: 'step-waiting', step, why: 'backoff', until: at }];
  return [];
}

function windowAwaited({ step: key, at: until }: TimerOp, state: RunState): Unnumbered {
  const text = (nodeOf(state, key).plan.window ?? []).join(', ');
  const wait = { why: 'window', until, text } as const;
  return state.groups.has(key) ? { type: 'group-waiting', group: key, ...wait } : { type: 'step-waiting', step: key, ...wait };
}

function asked(op: AskOp, state: RunState): Unnumbered {
  const { step, question, text } = op;
  const why = question === 'approve' ? 'approval' : question;
  return { type: 'step-waiting', step, why, text, ...(!isAsPlanned(op, state) && { approvers: approversIn(op) }) };
}

/** Whether the plan alone says who has to approve. */
function isAsPlanned({ step, question, quorum, each, except, delegates, items }: AskOp, state: RunState): boolean {
  if (question !== 'approve') return true;
  const { act } = stepOf(state, step).plan;
  if (each ?? except ?? delegates ?? items) return false;
  return act.act === 'approval' && act.quorum === quorum && act.of.every((entry) => typeof entry === 'string');
}

function attemptEnded(key: string, result: Result, at: number, state: RunState): Unnumbered {
  const [verb = 'run', attempt = '1'] = key.slice(key.lastIndexOf('!') + 1).split('.');
  const step = ownerOf(key);
  const startedAt = state.steps.get(step)?.taskStartedAt ?? at;
  return {
    type: 'attempt-ended',
    step,
    verb: verb as TaskOp['verb'],
    attempt: Number(attempt),
    status: result.status,
    ...('failure' in result && { failure: result.failure }),
    ...(result.status === 'probed' && { found: result.found }),
    ...('artifacts' in result && { artifacts: result.artifacts }),
    durationMs: at - startedAt,
  };
}

function eventsOfNews(news: News, state: RunState): Unnumbered[] {
  switch (news.what) {
    case 'group-opened':
      return [{ type: 'group-opened', group: news.group }];
    case 'group-ended': {
      const { end, because } = groupOf(state, news.group);
      return end === undefined ? [] : [{ type: 'group-ended', group: news.group, end, ...(because !== undefined && { because }) }];
    }
    case 'step-started': {
      const { act } = stepOf(state, news.step).plan;
      const waits: Unnumbered[] = act.act === 'gate' ? [{ type: 'step-waiting', step: news.step, why: 'gate' }] : [];
      return [{ type: 'step-started', step: news.step }, ...waits];
    }
    case 'gates-do-not-pass':
      return [{ type: 'step-waiting', step: news.step, why: 'gates-after-hold' }];
    case 'step-ended':
      return [stepEnded(stepOf(state, news.step), state)];
    case 'rollback-started':
      return [{ type: 'rollback-started', unit: news.unit }];
    case 'rollback-ended':
      return [rollbackEnded(news.unit, state)];
    case 'op-started':
      return eventsOfOp(news.op, state);
    case 'asked-others':
      return [asked(news.op, state)];
    case 'ask-later':
      return [{ type: 'step-waiting', step: news.step, why: 'groups', text: news.because, until: news.until }];
    case 'mode-changed':
      return [{ type: 'mode-changed', to: news.to, because: news.because }];
    case 'delivery-delayed':
      return [{ ...notified(news.delivery, state), status: 'delayed', because: news.because, until: news.until }];
    case 'delivery-ended':
      return [{ ...notified(news.delivery, state), status: news.end, ...(news.because !== undefined && { because: news.because }) }];
    case 'group-of-runs-returned':
      return [{ type: 'concurrency', group: news.lock, now: 'returned' }];
    case 'voted': {
      const { key, who, onBehalfOf, items, answer, comment } = news.answer;
      return [
        {
          type: 'answered',
          step: ownerOf(key),
          who: personOf(who),
          ...(onBehalfOf !== undefined && { onBehalfOf }),
          ...(items !== undefined && { items }),
          yes: answer === 'yes',
          ...(answer === 'withdrawn' && { withdrawn: true as const }),
          counted: news.counted,
          ...(news.because !== undefined && { because: news.because }),
          ...(comment !== undefined && { comment }),
        },
      ];
    }
  }
}

const notified = ({ id, channel, notice: { n, event, step } }: Delivery, { run, plan }: RunState) => ({
  type: 'notified' as const,
  message: messageIdOf(run, n),
  delivery: id,
  channel: plan.notify?.[channel]?.uses ?? '',
  event,
  ...(step !== undefined && { about: step }),
});

function stepEnded(step: StepState, state: RunState): Unnumbered {
  const { end = 'unknown', output, because, failure, startedAt, endedAt = state.now, isOverridden } = step;
  return {
    type: 'step-ended',
    step: step.plan.key,
    end,
    // The answers say who approved.
    ...(output !== undefined && step.plan.act.act !== 'approval' && { output }),
    ...(because !== undefined && { because }),
    ...(failure && { failure }),
    ...(isOverridden && { overridden: true }),
    durationMs: startedAt === undefined ? 0 : endedAt - startedAt,
  };
}

function rollbackEnded(unit: string, state: RunState): Unnumbered {
  const rollback = state.rollback?.units.get(unit);
  const end = rollback?.at === 'rolled-back' ? 'rolled-back' : 'failed';
  return { type: 'rollback-ended', unit, end, ...(rollback?.failure && { failure: rollback.failure }) };
}

/** A recorded run: its state, and everything that happened. */
export function replayEvents(facts: readonly Fact[]): { readonly state: RunState; readonly events: RecordedEvent[] } {
  const state = newRunState();
  const events: RecordedEvent[] = [];
  for (const fact of facts) {
    evolve(state, fact);
    events.push(...projectEvents(fact, state));
  }
  return { state, events };
}
