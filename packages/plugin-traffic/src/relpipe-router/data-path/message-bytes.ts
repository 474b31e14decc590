import type { Socket } from 'node:net';
import { Refusal } from '../http1/refusal.ts';

/** Collects bytes until they contain a complete head. */
export class HeadBuffer {
  readonly #skipsEmptyLines: boolean;
  #held: Buffer = nothing;

  /** @param skipsEmptyLines drops empty lines before the head, which some clients send after a body: RFC 9112 section 2.2 */
  constructor({ skipsEmptyLines = false }: { readonly skipsEmptyLines?: boolean } = {}) {
    this.#skipsEmptyLines = skipsEmptyLines;
  }

  isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /**
   * @returns the head as latin1 without its empty line, and what follows; undefined when more bytes are needed
   * @throws Refusal 431 beyond 64 KiB
   */
  take(bytes: Buffer): { readonly text: string; readonly rest: Buffer } | undefined {
    let all = this.isEmpty() ? bytes : Buffer.concat([this.#held, bytes]);
    while (this.#skipsEmptyLines && all[0] === 0x0d && all[1] === 0x0a) all = all.subarray(2);
    const end = all.indexOf(emptyLine, Math.max(0, this.#held.length - 3));
    if ((end === -1 ? all.length : end) > maxHeadBytes) throw new Refusal(431, 'The head is longer than 64 KiB.');
    this.#held = end === -1 ? all : nothing;
    return end === -1 ? undefined : { text: all.toString('latin1', 0, end + 2), rest: all.subarray(end + 4) };
  }
}

const maxHeadBytes = 65_536;
const nothing = Buffer.alloc(0);
const emptyLine = Buffer.from('\r\n\r\n');

/**
 * Writes a head and the part of the body that came with it in one system call.
 * @param head latin1
 * @returns false when the socket asks to wait for its `drain`
 */
export function writeMessage(socket: Socket, head: string, body: Buffer): boolean {
  if (body.length === 0) return socket.write(head, 'latin1');
  if (body.length <= smallBytes) return socket.write(head + body.toString('latin1'), 'latin1');
  socket.cork();
  socket.write(head, 'latin1');
  const isRoomLeft = socket.write(body);
  socket.uncork();
  return isRoomLeft;
}

/** Below this, copying is cheaper than a second write. */
const smallBytes = 4096;
