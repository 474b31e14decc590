import { point, type Finding, type Point } from 'relpipe/plugin';

/** Divides traffic between sides; provided to the point `traffic.router`. Opened again for each use; nothing has to be closed. */
export interface Router extends WeightKeeper {
  /** Absent where requests cannot be counted. Counters that are reset, e.g. when the router restarts, may fall. */
  measure?(): Promise<SideTraffic>;
  /** How a person sets these weights without relpipe: commands to copy, without any secret. The router is not contacted. */
  manualCommand?(weights: SideWeights): string;
  /**
   * The weights and the preview with which it will start. Only for a rollback, and only where the router does not answer: it may be dead,
   * or running and out of reach, so after a change of these weights `read` returns `possibleWeights` unless the router certainly uses them.
   * Absent where they are kept by something else than the router, such as a database.
   */
  nextStart?(): WeightKeeper;
  /** The weights nearest to those wanted that this router can set; absent where it keeps four decimals of a percent. */
  nearest?(weights: SideWeights): SideWeights;
  /**
   * Finds out before the run what `write` would refuse, and changes nothing. Absent where that cannot be known.
   * @returns what else a person should know before these weights are set
   * @throws {StepError} as `write` would
   */
  verify?(weights: SideWeights): Promise<readonly Finding[]>;
}

/** Where weights and the preview are read and set. */
export interface WeightKeeper {
  /** How messages name it, e.g. `the router at http://127.0.0.1:9901`. */
  readonly name: string;
  /** @throws {StepError} retryable where it does not answer */
  read(): Promise<RouterReading>;
  /**
   * Sets the weights of all sides at once, unless somebody else has changed them since `previous` was read. Resolves when new requests
   * are divided by them, and when they will survive a restart of the router.
   * @returns what the router reports afterwards
   * @throws {StepError} `TRAFFIC_DRIFT` (see `driftError`): somebody else has changed them; nothing was changed
   */
  write(weights: SideWeights, previous: RouterReading): Promise<RouterReading>;
  /** Replaces the preview; undefined: none. Absent where the router cannot match requests. `measure` does not count matching requests. */
  setPreview?(match: PreviewMatch | undefined): Promise<void>;
}

/** What a router reports about itself. */
export interface RouterReading {
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** Different after every change of the weights that the router can detect, also of one by another client; a number or a hash in its own format. */
  readonly revision: string;
  /**
   * Only after a change that was interrupted: other weights, which may be served instead of `weights`. The next `write` completes the
   * change, also when it asks for the same weights.
   */
  readonly possibleWeights?: SideWeights;
  /** Absent: none, or the router cannot match requests. */
  readonly preview?: PreviewMatch;
}

/** Share of new requests per side, in percent by the side's name; together 100. */
export type SideWeights = Readonly<Record<string, number>>;

export interface RouterSide {
  readonly name: string;
  /** Where its server listens; a side can be named by it as well. */
  readonly url: string;
  /** Why its requests are not served now, whatever its weight is, in the router's words, e.g. `DOWN (L4CON)`; that may end by itself. */
  readonly down?: string;
  /**
   * Why its weight does not count, e.g. `MAINT`: it is 0 in `weights`. Among several servers of one side the others get its part, and
   * `write` gets the weight that it is to have when that ends, in addition to the 100 of the others.
   */
  readonly away?: string;
  /** How large it is among the servers of a side that has no share, by any measure; absent where the router does not know. */
  readonly size?: number;
}

/** Requests that go to one side whatever the weights are: those with this header field or cookie. */
export interface PreviewMatch {
  readonly side: string;
  readonly by: 'header' | 'cookie';
  readonly name: string;
  /** Absent: any. */
  readonly value?: string;
}

/** Requests that each side really got, counted from any moment that stays the same. */
export interface SideTraffic {
  /** The `revision` that `read` returns at that moment: another one counts as a change of the weights by somebody else. */
  readonly revision: string;
  readonly requests: Readonly<Record<string, number>>;
}

/** The point `traffic.router`: what divides the traffic. A new member of `Router` that every router must have raises the contract. */
export const routerPoint: Point = {
  summary: 'The router that divides the traffic between sides',
  contract: 1,
  elsewhere: { kong: '@relpipe/router-kong', istio: '@relpipe/router-kubernetes', 'gateway-api': '@relpipe/router-kubernetes' },
};

/** `router:` of a step: exactly one router, by the name under which it is provided. */
export const routerSetting = point<Router>('traffic.router', 'Which router divides the traffic');
