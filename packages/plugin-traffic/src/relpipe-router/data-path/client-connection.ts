import type { Socket } from 'node:net';
import { plainAnswer, Refusal } from '../http1/refusal.ts';
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts';
import type { ExchangeClient } from './answer-relay.ts';
import { Exchange } from './exchange.ts';
import { HeadBuffer } from './message-bytes.ts';
import type { Side } from './side.ts';
import type { Timeouts } from './timeouts.ts';

/** What a connection needs from the server that accepted it. */
export interface ConnectionHost {
  readonly timeouts: Timeouts;
  readonly isStopping: boolean;
  chooseSide(head: string): Side;
  refused(status: number): void;
}

/** One client's connection: its requests are read one after the other, however many arrive at once. */
export class ClientConnection implements ExchangeClient {
  readonly socket: Socket;
  readonly #host: ConnectionHost;
  readonly #address: string;
  readonly #head = new HeadBuffer({ skipsEmptyLines: true });
  #exchange: Exchange | undefined;
  #held: Buffer = nothing;
  #isClosing = false;
  #deadlineAt: number;

  constructor(socket: Socket, host: ConnectionHost) {
    this.socket = socket;
    this.#host = host;
    this.#address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
    this.#deadlineAt = performance.now() + host.timeouts.clientHeadMs;
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#exchange?.abandon());
    // A close event always follows.
    socket.on('error', () => undefined);
  }

  get mayStayOpen(): boolean {
    return !this.#host.isStopping && !this.#isClosing;
  }

  /** Called periodically: enforces the deadline that applies at `now`. */
  checkDeadline(now: number): void {
    if (this.#exchange !== undefined) {
      if (now > this.#exchange.deadlineAt) this.#exchange.onDeadline();
    } else if (now > this.#deadlineAt) this.#timeOut();
  }

  /** Closes at once when no request is in progress, else after the present answer. */
  stop(): void {
    if (this.#exchange === undefined) this.#closeGently();
  }

  exchangeEnded(staysOpen: boolean): void {
    this.#exchange = undefined;
    if (!staysOpen) {
      this.#closeGently();
      return;
    }
    this.#deadlineAt = performance.now() + this.#host.timeouts.clientIdleMs;
    // A client that sends requests without reading the answers must read first.
    if (!this.socket.writableNeedDrain) this.#readHeld();
  }

  tunnelOpened(): Buffer {
    const held = this.#held;
    this.#held = nothing;
    this.socket.resume();
    return held;
  }

  stalled(): void {
    this.#refuse(new Refusal(408, 'The rest of the request did not arrive in time.'));
  }

  #take(bytes: Buffer): void {
    if (this.#isClosing) return;
    try {
      if (this.#exchange !== undefined) this.#hold(this.#exchange.takeRequestBytes(bytes));
      else if (this.socket.writableNeedDrain) this.#hold(bytes);
      else this.#read(bytes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refuse(error);
    }
  }

  #read(bytes: Buffer): void {
    const wasEmpty = this.#head.isEmpty();
    const taken = this.#head.take(bytes);
    if (taken === undefined && wasEmpty && !this.#head.isEmpty())
      this.#deadlineAt = performance.now() + this.#host.timeouts.clientHeadMs;
    if (taken !== undefined) this.#start(parseRequestHead(taken.text, this.#address), this.#host.chooseSide(taken.text), taken.rest);
  }

  #start(request: RequestHead, side: Side, rest: Buffer): void {
    this.#exchange = new Exchange(this, request, side, this.#host.timeouts);
    this.#hold(this.#exchange.start(rest));
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (this.#held.length > maxHeldBytes) this.socket.pause();
  }

  #readHeld(): void {
    const held = this.#held;
    this.#held = nothing;
    this.socket.resume();
    if (held.length > 0) this.#take(held);
  }

  #drained(): void {
    if (this.#exchange === undefined) this.#readHeld();
    else this.#exchange.onClientDrain();
  }

  #ended(): void {
    if (this.#exchange === undefined) this.socket.end();
    else this.#exchange.onClientEnd();
  }

  /** Answers with an error and closes. When an answer has started, only a reset tells the client that it is incomplete. */
  #refuse(refusal: Refusal): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange === undefined) this.#host.refused(refusal.status);
    else exchange.abandon(refusal.status);
    if (exchange?.hasAnswered === true) {
      this.socket.resetAndDestroy();
      return;
    }
    this.socket.write(plainAnswer(refusal.status, refusal.message, { isHead: false, willClose: true }));
    this.#closeGently();
  }

  #timeOut(): void {
    if (this.#isClosing || this.#head.isEmpty()) this.socket.destroy();
    else this.#refuse(new Refusal(408, 'The request head did not arrive in time.'));
  }

  /** Closes the sending half but reads on for a while: a reset could destroy the answer on its way to the client. */
  #closeGently(): void {
    this.#isClosing = true;
    this.#deadlineAt = performance.now() + lingerMs;
    this.socket.resume();
    this.socket.end();
  }
}

const nothing = Buffer.alloc(0);
const maxHeldBytes = 65_536;
const lingerMs = 2000;
