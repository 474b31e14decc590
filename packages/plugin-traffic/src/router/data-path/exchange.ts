import type { Socket } from 'node:net';
import type { BodyScanner } from '../http1/body-scanner.ts';
import { createBodyScanner } from '../http1/create-body-scanner.ts';
import { plainAnswer } from '../http1/plain-answer.ts';
import type { RequestHead } from '../http1/parse-request-head.ts';
import { parseResponseHead, type ResponseHead } from '../http1/parse-response-head.ts';
import { Refusal } from '../http1/refusal.ts';
import { AnswerBody } from './answer-body.ts';
import { HeadBuffer } from './head-buffer.ts';
import { SentRequest } from './sent-request.ts';
import type { Side } from './side.ts';
import type { Timeouts } from './timeouts.ts';
import type { UpstreamConnection, UpstreamListener } from './upstream-connection.ts';
import { explainFailure, statusOf, type UpstreamFailure } from './upstream-failure.ts';
import { writeMessage } from './write-message.ts';

/** What an exchange needs from the connection its request came on. */
export interface ExchangeClient {
  readonly socket: Socket;
  readonly mayStayOpen: boolean;
  exchangeEnded(staysOpen: boolean): void;
  /** @returns what the client sent ahead */
  tunnelOpened(): Buffer;
  /** The client did not go on with its body. */
  stalled(): void;
}

/** One request and its answer, relayed between a client and a side as the bytes come. */
export class Exchange implements UpstreamListener {
  /** When the side will have taken too long, on the clock of `performance.now()`. */
  deadlineAt = Infinity;
  readonly #client: ExchangeClient;
  readonly #request: RequestHead;
  readonly #side: Side;
  readonly #timeouts: Timeouts;
  readonly #startedAt = performance.now();
  readonly #requestBody: BodyScanner;
  readonly #sent: SentRequest;
  readonly #answerHead = new HeadBuffer();
  #answer: { readonly head: ResponseHead; readonly body: AnswerBody; readonly staysOpen: boolean } | undefined;
  #upstream: UpstreamConnection;
  #isConnecting: boolean;
  #isTunnel = false;
  #isOver = false;

  constructor(client: ExchangeClient, request: RequestHead, side: Side, timeouts: Timeouts) {
    this.#client = client;
    this.#request = request;
    this.#side = side;
    this.#timeouts = timeouts;
    this.#requestBody = createBodyScanner(request.framing);
    this.#sent = new SentRequest(request);
    side.counts.begin();
    this.#upstream = side.pool.take(this, this.#sent.maxIdleMs);
    this.#isConnecting = !this.#upstream.isReused;
    this.#extendDeadline();
  }

  get hasAnswered(): boolean {
    return this.#answer !== undefined;
  }

  /** Sends the head and what came with it. @returns the bytes behind the request */
  begin(rest: Buffer): Buffer {
    const end = this.#requestBody.scan(rest, 0);
    const body = rest.subarray(0, end);
    this.#sent.add(body);
    this.#send(writeMessage(this.#upstream.socket, this.#request.forwarded, body));
    return rest.subarray(end);
  }

  /** Relays more of the request. @returns the bytes behind it  @throws Refusal */
  takeRequestBytes(bytes: Buffer): Buffer {
    if (this.#isTunnel) return this.#relayTunnel(bytes);
    if (this.#requestBody.isComplete) return bytes;
    const end = this.#requestBody.scan(bytes, 0);
    const body = end === bytes.length ? bytes : bytes.subarray(0, end);
    this.#sent.add(body);
    this.#send(this.#upstream.socket.write(body));
    return bytes.subarray(end);
  }

  onConnected(): void {
    this.#isConnecting = false;
    this.#extendDeadline();
  }

  onUpstreamDrain(): void {
    this.#client.socket.resume();
  }

  onClientDrain(): void {
    this.#upstream.socket.resume();
  }

  onUpstreamBytes(bytes: Buffer): void {
    this.#sent.forget();
    try {
      if (this.#isTunnel) this.#waitFor(this.#client.socket.write(bytes));
      else if (this.#answer === undefined) this.#readAnswerHead(bytes);
      else this.#relayAnswer('', bytes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#fail('malformed', error.message);
    }
  }

  onUpstreamLost(because: UpstreamFailure): void {
    if (this.#isTunnel) this.#endTunnel();
    else if (this.#answer?.head.framing.kind === 'until-close' && because === 'closed') this.#finish(true);
    else if (!this.#sendAgain()) this.#fail(because);
  }

  /** Nothing moved until the deadline. A client that stopped sending its body is not held against the side. */
  onDeadline(): void {
    const isClientLate = !this.#isConnecting && !this.#requestBody.isComplete && !this.#client.socket.isPaused();
    if (isClientLate) this.#client.stalled();
    else this.#fail(this.#isConnecting ? 'connect-timeout' : 'answer-timeout');
  }

  /** The client ended its half: a tunnel passes that on, a request is given up. */
  onClientEnd(): void {
    if (this.#isTunnel) this.#upstream.socket.end();
    else this.#client.socket.destroy();
  }

  /** The client is gone (499, as nginx counts it) or broke the protocol: stop the side's work too. */
  abandon(code = 499): void {
    if (this.#isOver) return;
    if (code === 499 && !this.#isTunnel) this.#side.counts.clientAborts += 1;
    this.#upstream.destroy();
    this.#conclude(this.#answer?.head.status ?? code);
  }

  #send(isRoomLeft: boolean): void {
    if (!isRoomLeft) this.#client.socket.pause();
    if (!this.#isConnecting && this.#answer === undefined) this.#extendDeadline();
  }

  #extendDeadline(): void {
    this.deadlineAt = performance.now() + (this.#isConnecting ? this.#timeouts.connectMs : this.#timeouts.answerMs);
  }

  #readAnswerHead(bytes: Buffer): void {
    const taken = this.#answerHead.take(bytes);
    if (taken === undefined) return;
    const head = parseResponseHead(taken.text, this.#request);
    if (head.status === 101) this.#openTunnel(head, taken.rest);
    else if (head.status < 200) this.#relayInterim(head, taken.rest);
    else this.#beginAnswer(head, taken.rest);
  }

  #relayInterim(head: ResponseHead, rest: Buffer): void {
    if (this.#request.isLatestVersion) this.#client.socket.write(`${head.forwarded}\r\n`, 'latin1');
    this.#extendDeadline();
    if (rest.length > 0) this.#readAnswerHead(rest);
  }

  #beginAnswer(head: ResponseHead, rest: Buffer): void {
    const staysOpen = this.#client.mayStayOpen && !this.#request.wantsClose && head.framing.kind !== 'until-close';
    this.deadlineAt = Infinity;
    this.#answer = { head, staysOpen, body: new AnswerBody(head.framing, this.#request.isLatestVersion) };
    this.#relayAnswer(`${head.forwarded}${staysOpen ? '' : 'connection: close\r\n'}\r\n`, rest);
  }

  #relayAnswer(head: string, bytes: Buffer): void {
    const body = this.#answer?.body;
    if (body === undefined) return;
    const { content, isExact } = body.take(bytes);
    const isRoomLeft = head === '' && content.length === 0 ? true : writeMessage(this.#client.socket, head, content);
    if (body.isComplete) this.#finish(isExact);
    else this.#waitFor(isRoomLeft);
  }

  #waitFor(isRoomLeft: boolean): void {
    if (!isRoomLeft) this.#upstream.socket.pause();
  }

  /** @param isExact the side sent nothing behind its answer */
  #finish(isExact: boolean): void {
    const isWholeRequest = this.#requestBody.isComplete;
    if (isExact && isWholeRequest && this.#answer?.head.isReusable === true) this.#side.pool.put(this.#upstream);
    else this.#upstream.destroy();
    this.#conclude(this.#answer?.head.status ?? 502);
    this.#client.exchangeEnded(isWholeRequest && this.#answer?.staysOpen === true);
  }

  #sendAgain(): boolean {
    const body = this.#sent.repeatableBody;
    if (!this.#upstream.isReused || body === undefined) return false;
    this.#side.counts.retries += 1;
    this.#upstream.destroy();
    this.#upstream = this.#side.pool.connect(this);
    this.#isConnecting = true;
    this.#extendDeadline();
    this.#client.socket.resume();
    this.#send(writeMessage(this.#upstream.socket, this.#request.forwarded, body));
    return true;
  }

  /** A broken answer counts as 502 even when the client has already read its 200: a gate must not take it for good. */
  #fail(because: UpstreamFailure, detail?: string): void {
    const { socket } = this.#client;
    const failure = this.#answer === undefined ? because : 'truncated';
    const status = statusOf(failure);
    this.#side.counts.upstreamError(failure);
    this.#upstream.destroy();
    this.#conclude(status);
    if (this.#answer !== undefined) {
      socket.resetAndDestroy();
      return;
    }
    const staysOpen = this.#client.mayStayOpen && !this.#request.wantsClose && this.#requestBody.isComplete;
    const sentence = explainFailure(this.#side, failure, detail);
    socket.write(plainAnswer(status, sentence, { isHead: this.#request.method === 'HEAD', willClose: !staysOpen }));
    this.#client.exchangeEnded(staysOpen);
  }

  #conclude(code: number): void {
    this.#isOver = true;
    this.deadlineAt = Infinity;
    if (!this.#isTunnel) this.#side.counts.answered(code, performance.now() - this.#startedAt);
    this.#side.counts.end();
  }

  #openTunnel(head: ResponseHead, rest: Buffer): void {
    this.#side.counts.answered(101, performance.now() - this.#startedAt);
    this.#isTunnel = true;
    this.deadlineAt = Infinity;
    this.#waitFor(writeMessage(this.#client.socket, `${head.forwarded}\r\n`, rest));
    const held = this.#client.tunnelOpened();
    if (held.length > 0) this.#relayTunnel(held);
  }

  #relayTunnel(bytes: Buffer): Buffer {
    if (!this.#upstream.socket.write(bytes)) this.#client.socket.pause();
    return bytes.subarray(bytes.length);
  }

  #endTunnel(): void {
    if (this.#isOver) return;
    this.#conclude(101);
    this.#client.socket.end();
    this.#upstream.socket.destroySoon();
  }
}
