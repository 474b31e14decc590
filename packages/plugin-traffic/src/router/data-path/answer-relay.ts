import type { RequestHead } from '../http1/parse-request-head.ts';
import { parseResponseHead, type ResponseHead } from '../http1/parse-response-head.ts';
import { AnswerBody } from './answer-body.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { HeadBuffer } from './head-buffer.ts';
import { writeMessage } from './write-message.ts';

/** What the exchange hears of its answer. */
export interface AnswerListener {
  /** An interim answer (1xx) was passed on; the real one is still to come. */
  onInterim(): void;
  /** The side leaves HTTP. @param rest what came behind the head */
  onTunnel(head: ResponseHead, rest: Buffer): void;
  onAnswerBegun(): void;
  /** The client has to read before more is sent to it. */
  onClientFull(): void;
  /** @param isExact the side sent nothing behind its answer */
  onAnswerEnded(isExact: boolean): void;
}

/** The way back of an exchange: the side's answer, relayed to the client as its bytes come. */
export class AnswerRelay {
  /** There since the answer began: from then on, nothing else can be said to the client. */
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

  /** @throws Refusal for what is no answer */
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
    else this.#begin(head, taken.rest);
  }

  #relayInterim(head: ResponseHead, rest: Buffer): void {
    if (this.#request.isLatestVersion) this.#client.socket.write(`${head.forwarded}\r\n`, 'latin1');
    this.#listener.onInterim();
    if (rest.length > 0) this.#readHead(rest);
  }

  #begin(head: ResponseHead, rest: Buffer): void {
    this.#body = new AnswerBody(head.framing, this.#request.isLatestVersion);
    this.head = head;
    this.staysOpen = this.#client.mayStayOpen && !this.#request.wantsClose && head.framing.kind !== 'until-close';
    this.#listener.onAnswerBegun();
    this.#relay(this.#body, `${head.forwarded}${this.staysOpen ? '' : 'connection: close\r\n'}\r\n`, rest);
  }

  #relay(body: AnswerBody, head: string, bytes: Buffer): void {
    const { content, isExact } = body.take(bytes);
    const isRoomLeft = head === '' && content.length === 0 ? true : writeMessage(this.#client.socket, head, content);
    if (body.isComplete) this.#listener.onAnswerEnded(isExact);
    else if (!isRoomLeft) this.#listener.onClientFull();
  }
}
