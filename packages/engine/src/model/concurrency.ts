export const onConflictWords = ['fail', 'wait', 'supersede'] as const;

/**
 * What a run does when another one holds a group of runs that it needs: it fails, it waits until the other one returns the group, or it
 * has the other one rolled back first.
 */
export type OnConflict = (typeof onConflictWords)[number];

/** A group of runs, of which only one at a time may change anything. */
export interface Concurrency {
  readonly group: string;
  readonly onConflict: OnConflict;
}

/** A run that holds a group, for people: its state, and the steps whose changes are in place. */
export interface Holder {
  readonly run: string;
  /** `running`, `parked`, `paused`, `interrupted` or `over`. */
  readonly state: string;
  readonly changed: readonly string[];
  /** Its record cannot be read: why. Then nobody knows what it has changed. */
  readonly unreadable?: string;
}
