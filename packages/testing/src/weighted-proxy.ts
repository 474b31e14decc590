import { Agent, createServer, request as ask } from 'node:http';
import { closeServer, listenLocally } from './http-server.ts';

/** Where a request may go, with any weights. */
export interface WeightedSide {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly weight: number;
}

export interface WeightedProxy extends AsyncDisposable {
  readonly url: string;
}

/** The data path of a stand-in: a real HTTP proxy on a free loopback port that sends each request to a side drawn by its weight at that moment. */
export async function startWeightedProxy(sides: () => readonly WeightedSide[], drawn: (side: WeightedSide) => void = () => undefined): Promise<WeightedProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const side = draw(sides());
    if (side === undefined) {
      response.writeHead(503).end('no side has a weight');
      return;
    }
    drawn(side);
    const onward = ask(new URL(request.url ?? '/', side.url), { agent, method: request.method ?? 'GET', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error));
    request.pipe(onward);
  });
  return {
    url: await listenLocally(server),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await closeServer(server);
    },
  };
}

function draw(sides: readonly WeightedSide[]): WeightedSide | undefined {
  let point = Math.random() * sides.reduce((sum, { weight }) => sum + weight, 0);
  return sides.find(({ weight }) => (point -= weight) < 0);
}
