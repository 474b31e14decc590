import { STATUS_CODES } from 'node:http';

/** A message that cannot be read unambiguously; `status` is the answer to a client that sent it. */
export class Refusal extends Error {
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

type RefusalStatus = 400 | 408 | 431 | 501 | 505;

/**
 * A complete answer of the router itself, as bytes.
 * @param text one sentence for the reader, without line end
 */
export function plainAnswer(
  status: number,
  text: string,
  { isHead, willClose }: { readonly isHead: boolean; readonly willClose: boolean },
): Buffer {
  const body = `relpipe-router: ${text}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
    + `content-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    + `via: 1.1 relpipe-router\r\n${willClose ? 'connection: close\r\n' : ''}\r\n`;
  return Buffer.from(isHead ? head : head + body, 'utf8');
}
