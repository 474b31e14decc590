import type { Socket } from 'node:net';
import type { BodyFraming } from '../http1/body-framing.ts';
import { ChunkedScanner, createBodyScanner, type BodyScanner } from '../http1/body-scanner.ts';
import type { RequestHead } from '../http1/request-head.ts';
import { parseResponseHead, type ResponseHead } from '../http1/response-head.ts';
import { HeadBuffer, writeMessage } from './message-bytes.ts';

/** What an exchange needs from the connection its request came on. */
export interface ExchangeClient {
  readonly socket: Socket;
  readonly mayStayOpen: boolean;
  exchangeEnded(staysOpen: boolean): void;
  /** @returns the bytes that the client sent ahead */
  tunnelOpened(): Buffer;
  /** The client stopped sending its body. */
  stalled(): void;
}

/** The callbacks by which the exchange learns about its answer. */
export interface AnswerListener {
  /** An interim answer (1xx) was passed on; the final one follows. */
  onInterim(): void;
  /** The side leaves HTTP. @param rest the bytes after the head */
  onTunnel(head: ResponseHead, rest: Buffer): void;
  onAnswerStarted(): void;
  /** The client must read before more is sent to it. */
  onClientFull(): void;
  /** @param isExact the side sent nothing after its answer */
  onAnswerEnded(isExact: boolean): void;
}

/** The answering half of an exchange: the side's answer, relayed to the client as its bytes arrive. */
export class AnswerRelay {
  /** Set when the answer starts: from then on, no other answer can be sent to the client. */
  head: ResponseHead | undefined;
  /** Whether the client's connection may be used again after this answer. */
  staysOpen = false;
  readonly #client: ExchangeClient;
  readonly #request: RequestHead;
  readonly #listener: AnswerListener;
  readonly #headBytes = new HeadBuffer();
  #body: AnswerBody | undefined;

  constructor(client: ExchangeClient, request: RequestHead, listener: AnswerListener) {
    this.#client = client;
    this.#request = request;
    this.#listener = listener;
  }

  /** @throws Refusal for bytes that are not an answer */
  take(bytes: Buffer): void {
    if (this.#body === undefined) this.#readHead(bytes);
    else this.#relay(this.#body, '', bytes);
  }

  #readHead(bytes: Buffer): void {
    const taken = this.#headBytes.take(bytes);
    if (taken === undefined) return;
    const head = parseResponseHead(taken.text, this.#request);
    if (head.status === 101) this.#listener.onTunnel(head, taken.rest);
    else if (head.status < 200) this.#relayInterim(head, taken.rest);
    else this.#start(head, taken.rest);
  }

  #relayInterim(head: ResponseHead, rest: Buffer): void {
    if (this.#request.isLatestVersion) this.#client.socket.write(`${head.forwarded}\r\n`, 'latin1');
    this.#listener.onInterim();
    if (rest.length > 0) this.#readHead(rest);
  }

  #start(head: ResponseHead, rest: Buffer): void {
    this.#body = new AnswerBody(head.framing, this.#request.isLatestVersion);
    this.head = head;
    this.staysOpen = this.#client.mayStayOpen && !this.#request.wantsClose && head.framing.kind !== 'until-close';
    this.#listener.onAnswerStarted();
    this.#relay(this.#body, `${head.forwarded}${this.staysOpen ? '' : 'connection: close\r\n'}\r\n`, rest);
  }

  #relay(body: AnswerBody, head: string, bytes: Buffer): void {
    const { content, isExact } = body.take(bytes);
    const isRoomLeft = head === '' && content.length === 0 ? true : writeMessage(this.#client.socket, head, content);
    if (body.isComplete) this.#listener.onAnswerEnded(isExact);
    else if (!isRoomLeft) this.#listener.onClientFull();
  }
}

/** An answer's body on its way to the client: as it came, or without its chunk frames for an HTTP/1.0 client. */
class AnswerBody {
  readonly #scanner: BodyScanner;
  readonly #unwrapped: ChunkedScanner | undefined;

  constructor(framing: BodyFraming, isForLatestVersion: boolean) {
    this.#scanner = createBodyScanner(framing);
    this.#unwrapped = !isForLatestVersion && this.#scanner instanceof ChunkedScanner ? this.#scanner : undefined;
  }

  get isComplete(): boolean {
    return this.#scanner.isComplete;
  }

  /** @returns what to send on, and whether the body ends with the bytes  @throws Refusal */
  take(bytes: Buffer): { readonly content: Buffer; readonly isExact: boolean } {
    const end = this.#scanner.scan(bytes, 0);
    const isExact = end === bytes.length;
    if (this.#unwrapped !== undefined) return { content: Buffer.concat(this.#unwrapped.content), isExact };
    return { content: isExact ? bytes : bytes.subarray(0, end), isExact };
  }
}
