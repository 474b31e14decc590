/** Follows a body to its end without keeping any of it. */
export interface BodyScanner {
  readonly isComplete: boolean;
  /**
   * @returns the index in `bytes` after the last byte that belongs to the body
   * @throws Refusal when the framing is broken
   */
  scan(bytes: Buffer, from: number): number;
}
