import type { BodyFraming } from './body-framing.ts';
import type { BodyScanner } from './body-scanner.ts';
import { ChunkedScanner } from './chunked-scanner.ts';

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
