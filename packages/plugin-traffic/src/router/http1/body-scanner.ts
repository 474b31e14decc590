import type { BodyFraming } from './body-framing.ts';
import { ChunkedScanner } from './chunked-scanner.ts';

/** Follows a body to its end without keeping any of it. */
export interface BodyScanner {
  readonly isComplete: boolean;
  /**
   * @returns the index in `bytes` after the last byte that belongs to the body
   * @throws Refusal when the framing is broken
   */
  scan(bytes: Buffer, from: number): number;
}

export function createBodyScanner(framing: BodyFraming): BodyScanner {
  switch (framing.kind) {
    case 'none': return emptyScanner;
    case 'length': return new LengthScanner(framing.length);
    case 'chunked': return new ChunkedScanner();
    case 'until-close': return endlessScanner;
  }
}

const emptyScanner: BodyScanner = { isComplete: true, scan: (_bytes, from) => from };
const endlessScanner: BodyScanner = { isComplete: false, scan: (bytes) => bytes.length };

class LengthScanner implements BodyScanner {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isComplete(): boolean {
    return this.#left === 0;
  }

  scan(bytes: Buffer, from: number): number {
    const taken = Math.min(this.#left, bytes.length - from);
    this.#left -= taken;
    return from + taken;
  }
}
