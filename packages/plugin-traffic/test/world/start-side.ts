import { createServer } from 'node:http';

export interface StartedSide {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real HTTP server that answers with its name. */
export async function startSide(name: string): Promise<StartedSide> {
  const server = createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
