import { createServer, type Server, type Socket } from 'node:net';
import type { PreviewMatch, SideWeights } from '../../routers/router.ts';
import { createPreviewCheck, type PreviewCheck } from '../preview-match.ts';
import { ClientConnection, type ConnectionHost } from './client-connection.ts';
import { createSideChooser, type SideChooser } from './side-chooser.ts';
import type { Side } from './side.ts';
import type { Timeouts } from './timeouts.ts';

interface DataPathOptions {
  readonly sides: readonly Side[];
  readonly weights: SideWeights;
  readonly timeouts: Timeouts;
  /** Send the requests of an unhealthy side to a healthy one that has a weight too. */
  readonly failover: boolean;
}

/** Accepts clients and assigns each request to a side. */
export class DataPath implements ConnectionHost {
  readonly timeouts: Timeouts;
  readonly server: Server;
  isStopping = false;
  failovers = 0;
  /** Requests that were refused before a side was chosen, by status code. */
  readonly refusals = new Map<number, number>();
  readonly #sides: readonly Side[];
  readonly #hasFailover: boolean;
  readonly #clients = new Map<ClientConnection, Socket>();
  readonly #sweep: NodeJS.Timeout;
  #weights: SideWeights;
  #choose: SideChooser;
  #preview: { readonly side: Side; readonly matches: PreviewCheck } | undefined;

  constructor({ sides, weights, timeouts, failover }: DataPathOptions) {
    this.#sides = sides;
    this.#hasFailover = failover;
    this.timeouts = timeouts;
    this.#weights = weights;
    this.#choose = this.#chooserFor(weights);
    this.server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#sweep = setInterval(() => this.#checkDeadlines(), sweepMs(timeouts));
  }

  /** New requests are divided by `weights` from now on; those in flight stay where they are. */
  setWeights(weights: SideWeights): void {
    this.#weights = weights;
    this.#choose = this.#chooserFor(weights);
  }

  /** Matching requests go to that side from now on, and do not count as assigned by the weights. */
  setPreview(preview: PreviewMatch | undefined): void {
    const side = this.#sides.find(({ name }) => name === preview?.side);
    this.#preview = preview === undefined || side === undefined ? undefined : { side, matches: createPreviewCheck(preview) };
  }

  /** @param head latin1, each line ended by CRLF */
  chooseSide(head: string): Side {
    if (this.#preview?.matches(head) === true) return this.#preview.side;
    const chosen = this.#sides[this.#choose()];
    if (chosen === undefined) throw new Error('The chooser returned an unknown side.');
    const side = this.#hasFailover && chosen.health.state === 'unhealthy' ? this.#healthyInsteadOf(chosen) : chosen;
    side.counts.assigned += 1;
    return side;
  }

  refused(status: number): void {
    this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
  }

  /** Accepts no more clients, waits up to `shutdownMs` for the requests in flight, then closes the remaining connections. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.server.close();
    for (const client of this.#clients.keys()) client.stop();
    await Promise.all(this.#sides.map(({ counts }) => counts.becomesIdle(this.timeouts.shutdownMs)));
    await this.#untilClientsClosed(closeWithinMs);
    clearInterval(this.#sweep);
    for (const socket of this.#clients.values()) socket.destroy();
    for (const { pool } of this.#sides) pool.closeIdleSince(Infinity);
  }

  #accept(socket: Socket): void {
    const client = new ClientConnection(socket, this);
    this.#clients.set(client, socket);
    socket.on('close', () => this.#clients.delete(client));
  }

  #chooserFor(weights: SideWeights): SideChooser {
    return createSideChooser(this.#sides.map(({ name }) => weights[name] ?? 0));
  }

  #healthyInsteadOf(side: Side): Side {
    const other = this.#sides.find(({ name, health }) => health.state === 'healthy' && (this.#weights[name] ?? 0) > 0);
    if (other === undefined) return side;
    this.failovers += 1;
    return other;
  }

  #checkDeadlines(): void {
    const now = performance.now();
    for (const client of this.#clients.keys()) client.checkDeadline(now);
    for (const { pool } of this.#sides) pool.closeIdleSince(now - this.timeouts.upstreamIdleMs);
  }

  /** The last bytes of written answers may still be in the sockets' buffers. */
  async #untilClientsClosed(timeoutMs: number): Promise<void> {
    const closed = [...this.#clients.values()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    await Promise.race([Promise.all(closed), promise]);
    clearTimeout(timer);
  }
}

const closeWithinMs = 500;

/** One timer for all clients instead of one per request: deadlines are kept to within a quarter of the shortest. */
const sweepMs = ({ connectMs, answerMs, clientHeadMs, clientIdleMs, upstreamIdleMs }: Timeouts) =>
  Math.max(10, Math.min(connectMs, answerMs, clientHeadMs, clientIdleMs, upstreamIdleMs, 1000) / 4);
