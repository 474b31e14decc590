import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that sends given bytes and waits for expected bytes. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  isClosed = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (bytes) => this.#changed(() => (this.received += bytes.toString('latin1'))));
    this.socket.on('close', () => this.#changed(() => (this.isClosed = true)));
    this.socket.on('error', () => undefined);
    onTestFinished(() => void this.socket.destroy());
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves with everything received once it matches. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) {
      if (this.isClosed) throw new Error(`closed before ${pattern}: ${this.received}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.received;
  }

  async untilClosed(): Promise<string> {
    while (!this.isClosed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.received;
  }

  #changed(change: () => void): void {
    change();
    this.#wake();
  }
}

/** The head of the answer; its body is still to be read. */
export function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
}
