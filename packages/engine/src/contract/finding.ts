/** What a `verify` found in its configuration or in the world; read-only, before anything starts. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  /** Where in `with`, e.g. `['phases', 0, 'weight']`. */
  readonly at?: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** What a step would change, for `relpipe plan`. */
export interface Preview {
  readonly change: string;
  readonly from?: string;
  readonly to?: string;
  /** How it is undone, in words. */
  readonly rollback?: string;
  readonly unknownUntilRun?: readonly string[];
}
