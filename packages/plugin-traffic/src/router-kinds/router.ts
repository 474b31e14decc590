/** Share of new requests per side, in percent by the side's name; together 100. */
export type SideWeights = Readonly<Record<string, number>>;

/** Requests that go to one side whatever the weights say: those with this header field or cookie. */
export interface Testers {
  readonly side: string;
  readonly by: 'header' | 'cookie';
  readonly name: string;
  /** Absent: any. */
  readonly value?: string;
}

export interface RouterSide {
  readonly name: string;
  /** Where its server listens; a side can be named by it as well. */
  readonly url: string;
}

/** What a router says about itself. */
export interface RouterReading {
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** Another text after every change of the weights that the router can tell, whoever made it; a number or a hash in its own way. */
  readonly revision: string;
  /**
   * Only after a change that was interrupted: other weights, which may be served instead of `weights`. The next `write` settles it,
   * also when it asks for the same weights.
   */
  readonly orElse?: SideWeights;
  /** Absent: nobody, or the router knows none. */
  readonly testers?: Testers;
}

/** Requests that each side really got, counted from any moment that stays the same. */
export interface SideTraffic {
  readonly revision: string;
  readonly requests: Readonly<Record<string, number>>;
}

/** Where weights are read and set, and who are testers. */
export interface WeightKeeper {
  /** How messages name it, e.g. `the router at http://127.0.0.1:9901`. */
  readonly name: string;
  /** @throws {StepError} retryable where it does not answer */
  read(): Promise<RouterReading>;
  /**
   * Sets the weights of all sides at once, unless somebody else has changed them since `former` was read. Resolves when new requests
   * go by them, and they outlive a restart of the router.
   * @returns what the router says afterwards
   * @throws {StepError} `TRAFFIC_DRIFT` (see `driftFrom`): somebody else has; nothing was changed
   */
  write(weights: SideWeights, former: RouterReading): Promise<RouterReading>;
  /** Who they are from now on; undefined: nobody. Absent where the router cannot tell them. What `measure` counts is without them. */
  setTesters?(testers: Testers | undefined): Promise<void>;
}

/** What divides traffic between sides: what is provided to the point `traffic.router`. Opened anew for each use; nothing has to be closed. */
export interface Router extends WeightKeeper {
  /** Absent where requests cannot be counted. Counters that begin anew, e.g. when the router restarts, may fall. */
  measure?(): Promise<SideTraffic>;
  /** How a person gives these weights without relpipe: commands that can be copied, without a secret in them. Nothing is asked for it. */
  byHand?(weights: SideWeights): string;
  /**
   * The weights that it will have at its next start, and the testers. Only for a way back, and only where the router does not answer: it may be dead, or live
   * and be out of reach, so after a change of these weights `read` gives `orElse` unless it is certain that the router goes by them. Absent
   * where they are kept by something else than the router, such as a database.
   */
  nextStart?(): WeightKeeper;
  /** The weights nearest to those wanted that this router can give; absent where it keeps four decimals of a percent apart. */
  nearest?(weights: SideWeights): SideWeights;
}
