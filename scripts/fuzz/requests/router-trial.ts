import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { serveRouter } from '../../../packages/plugin-traffic/src/relpipe-router/router-server.ts';
import { buildSettings } from '../../../packages/plugin-traffic/src/relpipe-router/settings.ts';

/** A request as the server behind the router has read it; texts are latin1. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  content: string;
  /** False: the connection ended before the request did. */
  isWhole: boolean;
}

interface Sent {
  readonly seen: readonly SeenRequest[];
  /** By the client. */
  readonly received: string;
}

/** The router before a server of Node, both in this process. */
export async function openTrial() {
  let seen: SeenRequest[] = [];
  const server = createServer({ insecureHTTPParser: true, maxHeaderSize: 1 << 16 }, (request, response) => {
    const one: SeenRequest = { method: request.method ?? '', path: request.url ?? '', host: request.headers.host ?? '', content: '', isWhole: false };
    seen.push(one);
    request.on('error', () => undefined).on('data', (chunk: Buffer) => (one.content += chunk.toString('latin1')));
    request.on('end', () => {
      one.isWhole = true;
      response.end();
    });
  });
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server.address()))));
  const folder = mkdtempSync(join(tmpdir(), 'relpipe-fuzz-'));
  const settings = { state: join(folder, 'router.json'), sides: { stable: `http://127.0.0.1:${String(port)}` }, 'shutdown-timeout': '200ms', 'health-every': '1h' };
  const router = await serveRouter(buildSettings(settings), () => undefined);
  const front = Number(new URL(router.running.listen).port);

  return {
    /** Sends the bytes in pieces, and waits until the connection is closed, or so many requests were answered. */
    async send(bytes: string, places: readonly number[], answers?: number): Promise<Sent> {
      seen = [];
      const client = connect({ port: front, host: '127.0.0.1', noDelay: true });
      let [received, isClosed] = ['', false];
      client.on('data', (chunk) => (received += chunk.toString('latin1'))).on('error', () => undefined).on('close', () => (isClosed = true));
      const cut = [0, ...places.map((place) => Math.floor(place * bytes.length)).sort((a, b) => a - b), bytes.length];
      for (const [i, from] of cut.slice(0, -1).entries()) {
        client.write(bytes.slice(from, cut[i + 1]), 'latin1');
        await turn();
      }
      const isAnswered = (): boolean => answers !== undefined && received.split('HTTP/1.1 200 ').length > answers;
      for (const until = performance.now() + 5000; !isClosed && !isAnswered() && performance.now() < until; ) await turn();
      client.destroy();
      for (let i = 0; i < 5; i += 1) await turn();
      return { seen, received };
    },
    async close(): Promise<void> {
      await router.stop();
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number => (typeof address === 'object' ? (address?.port ?? 0) : 0);
