import type { Message } from '../contract/index.ts';
import type { Plan } from '../plan/plan.ts';
import { runbookFor } from '../plan/runbook.ts';
import { messageIdOf, type Notice } from '../run/core/notice.ts';
import { outcomeWords } from './text/state-words.ts';
import { commandsForWait, type NextCommands } from './text/next-commands.ts';
import { becauseText } from './text/cause.ts';
import { headline, oneLine } from './text/plain-text.ts';

interface MessageContext {
  readonly run: string;
  readonly plan: Plan;
  readonly next: NextCommands;
}

/** The message about a notice: its facts, one line for people, and the commands that answer it. */
export function messageAbout(notice: Notice & { readonly repetition?: true }, context: MessageContext): Message {
  const { n, at, event, step, because, weight, question, gates, failure, outcome, notRolledBack, repetition } = notice;
  const { run, plan } = context;
  const commands = commandsAfter(notice, context);
  const runbook = needsRunbook.has(event) ? runbookFor(plan, step ?? '') : undefined;
  return {
    event,
    id: messageIdOf(run, n),
    run,
    pipeline: plan.name,
    inputs: plan.inputs,
    at: new Date(at).toISOString(),
    text: [plan.name, ...versionOf(plan), ...(step === undefined ? [] : [step])].join(' ') + `: ${whatHappened(notice)}`,
    ...(repetition && { repetition }),
    ...(step !== undefined && { step, stage: step.split('/', 1)[0] ?? step }),
    ...(because !== undefined && { because }),
    ...(weight !== undefined && { weight }),
    ...(question && { question }),
    ...(gates && { gates }),
    ...(failure && { failure: { code: failure.code, message: failure.message, ...(failure.hint !== undefined && { hint: failure.hint }) } }),
    ...(runbook !== undefined && { runbook }),
    ...(outcome !== undefined && { outcome }),
    ...(notRolledBack && notRolledBack.length > 0 && { notRolledBack }),
    ...(commands.length > 0 && { commands }),
  };
}

const needsRunbook: ReadonlySet<Message['event']> = new Set(['failed', 'late', 'paused', 'rollback-failed']);

const versionOf = ({ inputs: { version } }: Plan): readonly string[] => (typeof version === 'string' ? [version] : []);

function whatHappened({ event, because, weight, question, outcome, gates }: Notice): string {
  const why = because === undefined ? '' : `: ${headline(becauseText(because))}`;
  switch (event) {
    case 'started':
      return 'the run started';
    case 'waiting': {
      const people = question && question.people.length > 0 ? ` (${question.people.join(', ')})` : '';
      return `${questionWords[question?.kind ?? 'approve']}${people}: ${oneLine(question?.text ?? '')}`;
    }
    case 'weight':
      return `the candidate has ${String(weight ?? 0)} % of the traffic`;
    case 'failed':
      return because === undefined ? `gate ${(gates ?? []).map(({ gate, because }) => `${gate} failed, ${because}`).join('; ')}` : `failed${why}`;
    case 'override':
      return `a person decided otherwise${why}`;
    case 'late':
      return `late${why}`;
    case 'paused':
      return `paused, waiting for a person${why}`;
    case 'rollback-failed':
      return `the rollback failed, act now${why}`;
    case 'rolled-back':
    case 'succeeded':
    case 'stopped':
    case 'ended':
      return `${outcome === undefined ? event : outcomeWords[outcome]}${why}`;
  }
}

const questionWords: Readonly<Record<NonNullable<Notice['question']>['kind'], string>> = {
  approve: 'waiting for approval',
  'outcome-unknown': 'waiting for an answer: did it take effect?',
  'manual-rollback': 'waiting for a rollback by a person',
  'changed-by-others': 'somebody else has changed it: waiting for a decision',
};

/** The commands that answer a question, continue a run, or show it. */
function commandsAfter({ event, step, question }: Notice, { run, next }: MessageContext): readonly string[] {
  if (question) return commandsForWait(next, question.kind === 'approve' ? 'approval' : question.kind, run, step ?? '');
  if (event === 'paused') return [next.continue(run), next.rollback(run)];
  return event === 'started' || event === 'weight' ? [] : [next.report(run)];
}
