import { connect, type Socket } from 'node:net';

/** The callbacks by which the exchange that uses a connection learns about it. */
export interface UpstreamListener {
  onConnected(): void;
  onUpstreamBytes(bytes: Buffer): void;
  onUpstreamDrain(): void;
  /** The side closed its half of the connection, or (with `because` other than `closed`) the connection was lost. Called once. */
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

  /** Closes the connection without notifying the listener. */
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
    // Bytes that no request has caused would become the answer to the next request.
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

/** Connections to one side: at most one request on each at a time; idle ones are kept for the next request. */
export class UpstreamPool {
  readonly #origin: Origin;
  readonly #idle: UpstreamConnection[] = [];

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** The connection with the shortest idle time, if that is less than `maxIdleMs`; else a new one. */
  take(listener: UpstreamListener, maxIdleMs: number): UpstreamConnection {
    const youngest = this.#idle.at(-1);
    if (youngest === undefined || performance.now() - youngest.idleSince >= maxIdleMs) return this.connect(listener);
    this.#idle.pop();
    youngest.listener = listener;
    return youngest;
  }

  connect(listener: UpstreamListener): UpstreamConnection {
    return new UpstreamConnection(this.#origin, listener, (lost) => this.#forget(lost));
  }

  put(connection: UpstreamConnection): void {
    if (!connection.isUsable) return;
    connection.listener = undefined;
    connection.isReused = true;
    connection.idleSince = performance.now();
    this.#idle.push(connection);
  }

  /** Closes what has been idle since before `time`; servers close theirs too, and a race costs a retry. */
  closeIdleSince(time: number): void {
    for (const connection of this.#idle.filter(({ idleSince }) => idleSince < time)) connection.destroy();
  }

  #forget(connection: UpstreamConnection): void {
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }
}

/** Why a side did not return a complete answer; the `reason` label of `relpipe_router_upstream_errors_total`. */
export type UpstreamFailure =
  'refused' | 'unreachable' | 'connect-timeout' | 'answer-timeout' | 'closed' | 'reset' | 'malformed' | 'truncated';

/** The failure that an error of the side's socket means. */
function failureOf(error: Error, isConnected: boolean): UpstreamFailure {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'refused';
  if (!isConnected) return code === 'ETIMEDOUT' ? 'connect-timeout' : 'unreachable';
  return 'reset';
}

export const statusOf = (failure: UpstreamFailure): 502 | 504 =>
  failure === 'connect-timeout' || failure === 'answer-timeout' ? 504 : 502;

/** One sentence for the body of the answer. It names the side that failed. */
export const explainFailure = (side: { readonly name: string; readonly origin: Origin }, failure: UpstreamFailure, detail = ''): string =>
  `side "${side.name}" (${side.origin.url}) ${sentences[failure]}${detail === '' ? '' : `: ${detail}`}`;

const sentences: Record<UpstreamFailure, string> = {
  refused: 'refused the connection',
  unreachable: 'cannot be reached',
  'connect-timeout': 'did not accept the connection in time',
  'answer-timeout': 'did not answer in time',
  closed: 'closed the connection without an answer',
  reset: 'reset the connection before it answered',
  malformed: 'sent a malformed answer',
  truncated: 'sent an incomplete answer',
};

/** Where a side's server listens: plain HTTP, no path. */
export interface Origin {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}
