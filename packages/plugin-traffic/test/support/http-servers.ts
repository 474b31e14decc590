import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSocketServer, type Server as SocketServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An HTTP server on a free port until the test ends. */
export async function startServer(listener: RequestListener): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...await listening(server), server };
}

/** A server that sends whatever bytes the test gives it. */
export async function startSocketServer(onSocket: (socket: Socket) => void): Promise<{ url: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

/** The URL of a port on which nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createSocketServer();
  const { url } = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

async function listening(server: SocketServer): Promise<{ url: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, port: address.port };
}
