import type { RequestHead } from '../http1/request-head.ts';

/**
 * The bytes of a request that were sent, kept until the side's first byte, so that the request can be sent again when it was sent on a
 * kept connection that the side was closing at that moment (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1).
 */
export class SentRequest {
  readonly #isIdempotent: boolean;
  readonly #hasBody: boolean;
  #body: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(head: RequestHead) {
    this.#isIdempotent = idempotentMethods.has(head.method);
    this.#hasBody = head.framing.kind !== 'none';
  }

  /** The router must not repeat a request that the side may have acted on: for those it uses only connections that are certainly open. */
  get maxIdleMs(): number {
    return this.#isIdempotent ? Infinity : 1000;
  }

  add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > maxKeptBytes) this.forget();
    else if (bytes.length > 0) this.#body?.push(bytes);
  }

  forget(): void {
    this.#body = undefined;
  }

  /** The part of the body to repeat, or undefined when the request must not be sent again. */
  get repeatableBody(): Buffer | undefined {
    const mayRepeat = this.#isIdempotent || (this.#hasBody && this.#bytes === 0);
    return mayRepeat && this.#body !== undefined ? Buffer.concat(this.#body) : undefined;
  }
}

const maxKeptBytes = 65_536;
const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
