import { Refusal } from '../http1/refusal.ts';

/** Gathers bytes until they hold a whole head. */
export class HeadBuffer {
  #held: Buffer = nothing;

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /**
   * @returns the head as latin1 without its empty line, and what follows; undefined when more is needed
   * @throws Refusal 431 beyond 64 KiB
   */
  take(bytes: Buffer): { readonly text: string; readonly rest: Buffer } | undefined {
    const all = this.isEmpty ? bytes : Buffer.concat([this.#held, bytes]);
    const end = all.indexOf(emptyLine, Math.max(0, this.#held.length - 3));
    if ((end === -1 ? all.length : end) > maxHeadBytes) throw new Refusal(431, 'The head is longer than 64 KiB.');
    this.#held = end === -1 ? all : nothing;
    return end === -1 ? undefined : { text: all.toString('latin1', 0, end + 2), rest: all.subarray(end + 4) };
  }
}

const maxHeadBytes = 65_536;
const nothing = Buffer.alloc(0);
const emptyLine = Buffer.from('\r\n\r\n');
