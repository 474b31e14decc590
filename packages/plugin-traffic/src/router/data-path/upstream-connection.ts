import { connect, type Socket } from 'node:net';
import type { Origin } from './origin.ts';
import { failureOf, type UpstreamFailure } from './upstream-failure.ts';

/** What the exchange that uses a connection hears of it. */
export interface UpstreamListener {
  onConnected(): void;
  onUpstreamBytes(bytes: Buffer): void;
  onUpstreamDrain(): void;
  /** The side ended its half of the connection, or (with `because` other than `closed`) lost it. Comes once. */
  onUpstreamLost(because: UpstreamFailure): void;
}

/** One connection to a side. */
export class UpstreamConnection {
  readonly socket: Socket;
  listener: UpstreamListener | undefined;
  isReused = false;
  idleSince = 0;
  #isConnected = false;
  #failure: UpstreamFailure = 'closed';
  readonly #onLost: (connection: UpstreamConnection) => void;

  constructor(origin: Origin, listener: UpstreamListener, onLost: (connection: UpstreamConnection) => void) {
    this.listener = listener;
    this.#onLost = onLost;
    this.socket = connect({ host: origin.host, port: origin.port, noDelay: true, allowHalfOpen: true });
    this.socket.on('connect', () => this.#connected());
    this.socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.socket.on('drain', () => this.listener?.onUpstreamDrain());
    this.socket.on('error', (error) => (this.#failure = failureOf(error, this.#isConnected)));
    this.socket.on('end', () => this.#lose());
    this.socket.on('close', () => this.#lose());
  }

  get isUsable(): boolean {
    return !this.socket.destroyed && this.socket.readable && this.socket.writable;
  }

  /** Drops the connection without telling the listener. */
  destroy(): void {
    this.listener = undefined;
    this.#onLost(this);
    this.socket.destroy();
  }

  #connected(): void {
    this.#isConnected = true;
    this.listener?.onConnected();
  }

  #take(bytes: Buffer): void {
    // Bytes that nobody asked for would become the answer to the next request.
    if (this.listener === undefined) this.destroy();
    else this.listener.onUpstreamBytes(bytes);
  }

  #lose(): void {
    const { listener } = this;
    this.listener = undefined;
    this.#onLost(this);
    if (listener === undefined) this.socket.destroy();
    else listener.onUpstreamLost(this.#failure);
  }
}
