import { createBodyScanner, type BodyScanner } from '../http1/body-scanner.ts';
import { plainAnswer, Refusal } from '../http1/refusal.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { AnswerRelay, type AnswerListener, type ExchangeClient } from './answer-relay.ts';
import { writeMessage } from './message-bytes.ts';
import { SentRequest } from './sent-request.ts';
import type { Side } from './side.ts';
import type { Timeouts } from './timeouts.ts';
import { explainFailure, statusOf, type UpstreamConnection, type UpstreamFailure, type UpstreamListener } from './upstream.ts';

/** One request and its answer, relayed between a client and a side as the bytes arrive: sends the request, and ends both. */
export class Exchange implements UpstreamListener, AnswerListener {
  /** When the side will have taken too long, on the clock of `performance.now()`. */
  deadlineAt = Infinity;
  readonly #client: ExchangeClient;
  readonly #request: RequestHead;
  readonly #side: Side;
  readonly #timeouts: Timeouts;
  readonly #startedAt = performance.now();
  readonly #requestBody: BodyScanner;
  readonly #sent: SentRequest;
  readonly #answer: AnswerRelay;
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
    this.#answer = new AnswerRelay(client, request, this);
    side.counts.start();
    this.#upstream = side.pool.take(this, this.#sent.maxIdleMs);
    this.#isConnecting = !this.#upstream.isReused;
    this.#extendDeadline();
  }

  get hasAnswered(): boolean {
    return this.#answer.head !== undefined;
  }

  /** Sends the head and what came with it. @returns the bytes after the request */
  start(rest: Buffer): Buffer {
    const end = this.#requestBody.scan(rest, 0);
    const body = rest.subarray(0, end);
    this.#sent.add(body);
    this.#wroteToSide(writeMessage(this.#upstream.socket, this.#request.forwarded, body));
    return rest.subarray(end);
  }

  /** Relays more of the request. @returns the bytes after it  @throws Refusal */
  takeRequestBytes(bytes: Buffer): Buffer {
    if (this.#isTunnel) return this.#relayTunnel(bytes);
    if (this.#requestBody.isComplete) return bytes;
    const end = this.#requestBody.scan(bytes, 0);
    const body = end === bytes.length ? bytes : bytes.subarray(0, end);
    this.#sent.add(body);
    this.#wroteToSide(this.#upstream.socket.write(body));
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
      if (this.#isTunnel) this.#wroteToClient(this.#client.socket.write(bytes));
      else this.#answer.take(bytes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#fail('malformed', error.message);
    }
  }

  onInterim(): void {
    this.#extendDeadline();
  }

  onAnswerStarted(): void {
    this.deadlineAt = Infinity;
  }

  onClientFull(): void {
    this.#upstream.socket.pause();
  }

  onAnswerEnded(isExact: boolean): void {
    const isWholeRequest = this.#requestBody.isComplete;
    if (isExact && isWholeRequest && this.#answer.head?.isReusable === true) this.#side.pool.put(this.#upstream);
    else this.#upstream.destroy();
    this.#conclude(this.#answer.head?.status ?? 502);
    this.#client.exchangeEnded(isWholeRequest && this.#answer.staysOpen);
  }

  onTunnel(head: ResponseHead, rest: Buffer): void {
    this.#side.counts.answered(101, performance.now() - this.#startedAt);
    this.#isTunnel = true;
    this.deadlineAt = Infinity;
    this.#wroteToClient(writeMessage(this.#client.socket, `${head.forwarded}\r\n`, rest));
    const held = this.#client.tunnelOpened();
    if (held.length > 0) this.#relayTunnel(held);
  }

  onUpstreamLost(because: UpstreamFailure): void {
    if (this.#isTunnel) this.#endTunnel();
    else if (this.#answer.head?.framing.kind === 'until-close' && because === 'closed') this.onAnswerEnded(true);
    else if (!this.#sendAgain()) this.#fail(because);
  }

  /** Nothing moved until the deadline. A client that stopped sending its body is not counted as a failure of the side. */
  onDeadline(): void {
    const isClientLate = !this.#isConnecting && !this.#requestBody.isComplete && !this.#client.socket.isPaused();
    if (isClientLate) this.#client.stalled();
    else this.#fail(this.#isConnecting ? 'connect-timeout' : 'answer-timeout');
  }

  /** The client closed its sending half: a tunnel passes that on, a request is abandoned. */
  onClientEnd(): void {
    if (this.#isTunnel) this.#upstream.socket.end();
    else this.#client.socket.destroy();
  }

  /** The client is gone (499, as nginx counts it) or violated the protocol: the side's work is cancelled too. */
  abandon(code = 499): void {
    if (this.#isOver) return;
    if (code === 499 && !this.#isTunnel) this.#side.counts.clientAborts += 1;
    this.#upstream.destroy();
    this.#conclude(this.#answer.head?.status ?? code);
  }

  #wroteToSide(isRoomLeft: boolean): void {
    if (!isRoomLeft) this.#client.socket.pause();
    if (!this.#isConnecting && !this.hasAnswered) this.#extendDeadline();
  }

  #extendDeadline(): void {
    this.deadlineAt = performance.now() + (this.#isConnecting ? this.#timeouts.connectMs : this.#timeouts.answerMs);
  }

  #wroteToClient(isRoomLeft: boolean): void {
    if (!isRoomLeft) this.onClientFull();
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
    this.#wroteToSide(writeMessage(this.#upstream.socket, this.#request.forwarded, body));
    return true;
  }

  /** An incomplete answer counts as 502 even when the client has already read its 200: a gate must not count it as good. */
  #fail(because: UpstreamFailure, detail?: string): void {
    const { socket } = this.#client;
    const failure = this.hasAnswered ? 'truncated' : because;
    const status = statusOf(failure);
    this.#side.counts.upstreamError(failure);
    this.#upstream.destroy();
    this.#conclude(status);
    if (this.hasAnswered) {
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
