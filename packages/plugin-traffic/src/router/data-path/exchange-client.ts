import type { Socket } from 'node:net';

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
