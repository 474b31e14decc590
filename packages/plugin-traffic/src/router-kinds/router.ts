/** Share of new requests per side, in percent by the side's name; together 100. */
export type SideWeights = Readonly<Record<string, number>>;

export interface RouterSide {
  readonly name: string;
  /** Where its server listens. */
  readonly url: string;
}

/** What a router says about itself. */
export interface RouterReading {
  readonly sides: readonly RouterSide[];
  readonly weights: SideWeights;
  /** Grows with every change of the weights, whoever makes it. */
  readonly generation: number;
}

/** Requests that each side really got since the weights of `generation` were set. */
export interface SideTraffic {
  readonly generation: number;
  readonly requests: Readonly<Record<string, number>>;
}

/** What divides traffic between sides. What is provided to the point `traffic.router` gives one; nothing has to be closed. */
export interface Router {
  /** How messages name it. */
  readonly name: string;
  read(): Promise<RouterReading>;
  /**
   * Sets the weights of all sides at once, unless somebody else has changed them since `former` was read.
   * @returns what the router says afterwards
   * @throws {StepError} `TRAFFIC_DRIFT`: somebody else has; nothing was changed
   */
  write(weights: SideWeights, former: RouterReading): Promise<RouterReading>;
  measure(): Promise<SideTraffic>;
}
