import type { Ms } from '../../model/ms.ts';
import type { EventOf } from '../events/run-event.ts';
import { lastTransition, type RunView } from '../view/run-view.ts';
import { headline } from './plain-text.ts';

/** A reason as the record has it, `rollback by ann: stale`, as people say it: `rolled back by ann: stale`. */
export const becauseText = (because: string): string =>
  because.replace(/^(rollback|pause|stop|continue) by /, (_, command: EventOf<'commanded'>['command']) => `${commandWords[command]} by `);

export const commandWords: Readonly<Record<EventOf<'commanded'>['command'], string>> = {
  rollback: 'rolled back',
  pause: 'paused',
  stop: 'stopped',
  continue: 'continued',
};

/**
 * Why a run turned back or ended, on one line: the person who rolled it back, and then what had gone wrong before; else what the record says.
 * Undefined while nothing is wrong.
 */
export function causeOf(view: RunView): string | undefined {
  const because = view.over ? view.over.because : lastTransition(view)?.because;
  const rollback = rollbackOrderOf(view);
  if (rollback === undefined) return because === undefined ? undefined : headline(becauseText(because));
  const text = headline(`rolled back by ${rollback.who.who}: ${rollback.reason}`);
  return because === undefined || because.startsWith(rollbackText(rollback)) ? text : `${text}; before that, ${headline(because)}`;
}

/** The command by which a person turned the run back; undefined where it turned back by itself, and only its rollback was hastened. */
export function rollbackOrderOf({ transitions, commands }: RunView): EventOf<'commanded'> | undefined {
  const last = transitions.findLastIndex(({ to }) => to === 'forward');
  const turned = transitions.slice(last + 1).find(({ to }) => to === 'rollback');
  return turned && commands.find((command) => isCauseOf(command, turned));
}

const isCauseOf = (command: EventOf<'commanded'>, { at, because }: { readonly at: Ms; readonly because: string }): boolean =>
  command.command === 'rollback' && command.at <= at && because === rollbackText(command);

const rollbackText = ({ who, reason }: EventOf<'commanded'>): string => `rollback by ${who.who}: ${reason}`;
