import type { BodyFraming } from '../http1/body-framing.ts';
import type { BodyScanner } from '../http1/body-scanner.ts';
import { ChunkedScanner } from '../http1/chunked-scanner.ts';
import { createBodyScanner } from '../http1/create-body-scanner.ts';

/** An answer's body on its way to the client: as it came, or without its chunk frames for an HTTP/1.0 client. */
export class AnswerBody {
  readonly #scanner: BodyScanner;
  readonly #unwraps: ChunkedScanner | undefined;

  constructor(framing: BodyFraming, isForLatestVersion: boolean) {
    this.#scanner = createBodyScanner(framing);
    this.#unwraps = !isForLatestVersion && this.#scanner instanceof ChunkedScanner ? this.#scanner : undefined;
  }

  get isComplete(): boolean {
    return this.#scanner.isComplete;
  }

  /** @returns what to send on, and whether nothing lay behind the body  @throws Refusal */
  take(bytes: Buffer): { readonly content: Buffer; readonly isExact: boolean } {
    const end = this.#scanner.scan(bytes, 0);
    const isExact = end === bytes.length;
    if (this.#unwraps !== undefined) return { content: Buffer.concat(this.#unwraps.content), isExact };
    return { content: isExact ? bytes : bytes.subarray(0, end), isExact };
  }
}
