import type { Ms } from '../model/ms.ts';
import type { Window } from './window.ts';

/** See `nextOpening`: pure, from what the machine knows about time zones. */
export type NextOpening = (windows: readonly Window[], from: Ms) => Ms | undefined;

/** Brings the library of time zones in, which takes tens of milliseconds: call it only where there are windows. */
export const loadOpenings = (): Promise<Openings> => import('./next-opening.ts');

interface Openings {
  readonly nextOpening: NextOpening;
  /** `Tue 2026-12-01 09:00`, in the zone of the window. */
  readonly momentText: (at: Ms, zone: string) => string;
}

/** For plans without windows. */
export function noWindows(windows: readonly Window[]): never {
  throw new Error(`a plan without windows asks for ${JSON.stringify(windows)}`);
}
