import { loadOpenings } from '../calendar/load-openings.ts';
import { printWindow } from '../calendar/window.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import type { Ms } from '../model/ms.ts';
import type { WindowDeclaration } from '../validate/valid-pipeline.ts';
import { isNever } from './dag.ts';
import type { GroupKey, Plan, StepKey } from './plan.ts';

/** A window that stages or steps of the plan wait for. */
export interface WindowOpening {
  readonly name: string;
  /** `tue, thu 09:00..12:00 Europe/Berlin` */
  readonly times: string;
  /** The stages, matrices, composites and steps that start only while it is open. */
  readonly starts: readonly (GroupKey | StepKey)[];
  /** The next moment at which it is open: now, if it is. */
  readonly opensAt?: Ms;
  /** The same in the zone of the window: `Tue 2026-12-01 09:00`. */
  readonly opens?: string;
  readonly isOpen: boolean;
}

export interface WindowCheck {
  readonly windows: readonly WindowOpening[];
  readonly findings: readonly Diagnostic[];
}

/** When each window of the plan opens next. One that does not open within a year is an error: what waits for it would never start. */
export async function checkWindows({ windows = {}, groups, steps }: Plan, declared: readonly WindowDeclaration[], now: Ms): Promise<WindowCheck> {
  const used = Object.keys(windows).flatMap((name) => {
    const starts = [...groups, ...steps].filter((node) => node.window?.includes(name) && !isNever(node)).map(({ key }) => key);
    return starts.length > 0 ? [{ name, starts }] : [];
  });
  if (used.length === 0) return { windows: [], findings: [] };
  const { nextOpening, momentText } = await loadOpenings();
  const openings = used.flatMap(({ name, starts }): WindowOpening[] => {
    const window = windows[name];
    if (!window) return [];
    const at = nextOpening([window], now);
    const opening = { name, times: printWindow(window), starts };
    return [at === undefined ? { ...opening, isOpen: false } : { ...opening, opensAt: at, opens: momentText(at, window.zone), isOpen: at <= now }];
  });
  const never = openings.filter(({ opensAt }) => opensAt === undefined);
  return { windows: openings, findings: never.map(({ name, times }) => neverOpens(name, times, declared)) };
}

const neverOpens = (name: string, times: string, declared: readonly WindowDeclaration[]): Diagnostic =>
  diagnose('REL_WINDOW_NEVER_OPENS', { window: name, times }, declared.find((window) => window.name === name)?.at);
