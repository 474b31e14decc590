import type { Ms } from '../../model/ms.ts';
import type { EventOf } from '../events/run-event.ts';
import { lastTransition, type RunView } from '../view/run-view.ts';
import { headline } from './plain-text.ts';

/** A reason as the record has it, `abort by ann: stale`, as people say it: `aborted by ann: stale`. */
export const becauseText = (because: string): string =>
  because.replace(/^(abort|continue) by /, (_, command: EventOf<'commanded'>['command']) => `${commandWords[command]} by `);

export const commandWords: Readonly<Record<EventOf<'commanded'>['command'], string>> = { abort: 'aborted', continue: 'continued' };

/**
 * Why a run turned back or ended, on one line: the person who aborted it, and then what had gone wrong before; else what the record says.
 * Undefined while nothing is wrong.
 */
export function causeOf(view: RunView): string | undefined {
  const because = view.over ? view.over.because : lastTransition(view)?.because;
  const abort = abortOf(view);
  if (abort === undefined) return because === undefined ? undefined : headline(becauseText(because));
  const text = headline(`aborted by ${abort.who.who}: ${abort.reason}`);
  return because === undefined || because.startsWith(abortText(abort)) ? text : `${text}; before that, ${headline(because)}`;
}

/** The command by which a person turned the run back; undefined where it turned back by itself, and only its rollback was hastened. */
export function abortOf({ transitions, commands }: RunView): EventOf<'commanded'> | undefined {
  const last = transitions.findLastIndex(({ to }) => to === 'forward');
  const turned = transitions.slice(last + 1).find(({ to }) => to === 'rollback');
  return turned && commands.find((command) => isCauseOf(command, turned));
}

const isCauseOf = (command: EventOf<'commanded'>, { at, because }: { readonly at: Ms; readonly because: string }): boolean =>
  command.command === 'abort' && command.at <= at && because === abortText(command);

const abortText = ({ who, reason }: EventOf<'commanded'>): string => `abort by ${who.who}: ${reason}`;
