/** A problem that `verify` found in its configuration or outside relpipe, before anything starts. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  /** The place in `with`, e.g. `['phases', 0, 'weight']`. */
  readonly at?: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** The change that a step would make, for `relpipe plan`. */
export interface Preview {
  readonly change: string;
  readonly from?: string;
  readonly to?: string;
  /** How it is rolled back, e.g. `makes 1.0.0 live again`. */
  readonly rollback?: string;
  readonly unknownUntilRun?: readonly string[];
}
