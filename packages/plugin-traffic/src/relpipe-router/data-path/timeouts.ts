/** How long the data path waits, in milliseconds. A body that makes progress, and a tunnel, have no limit. */
export interface Timeouts {
  /** For a side to accept a connection; then 504. */
  readonly connectMs: number;
  /** From the last byte sent to a side until its answer starts; then 504. */
  readonly answerMs: number;
  /** For a client to complete a head that it has started; then 408. */
  readonly clientHeadMs: number;
  /** A kept client connection without a request. */
  readonly clientIdleMs: number;
  /** A kept connection to a side. Shorter than the 5 s after which Node's own servers close theirs. */
  readonly upstreamIdleMs: number;
  /** For requests in flight when the router stops. */
  readonly shutdownMs: number;
}

export const defaultTimeouts: Timeouts = {
  connectMs: 2000,
  answerMs: 60_000,
  clientHeadMs: 15_000,
  clientIdleMs: 75_000,
  upstreamIdleMs: 4000,
  shutdownMs: 10_000,
};
