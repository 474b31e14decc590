// The service to release: node service.ts --version 1.1.0 [--port 9002]
// POST /break turns it into a bad version: half of its answers are errors, and all of them are slow.
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Metrics } from './metrics.ts';

const { version, port } = parseArgs({
  options: { version: { type: 'string', default: '0.0.0' }, port: { type: 'string', default: '0' } },
}).values;

const metrics = new Metrics();
let isBroken = false;
let requests = 0;

const server = createServer((request, response) => {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      void greet(response);
      break;
    case 'GET /version':
      response.end(version);
      break;
    case 'GET /metrics':
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(metrics.print());
      break;
    case 'POST /break':
      isBroken = true;
      response.end('From now on this is a bad version.\n');
      break;
    default:
      response.writeHead(404).end('Ask for /, /version or /metrics.\n');
  }
});

async function greet(response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  requests += 1;
  const code = isBroken && requests % 2 === 0 ? 500 : 200;
  await sleep(isBroken ? 400 : 2);
  response.writeHead(code, { 'x-version': version }).end(code === 200 ? `Hello from ${version}\n` : 'Internal error\n');
  metrics.answered(code, (performance.now() - startedAt) / 1000);
}

server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`${version} listens on http://127.0.0.1:${address.port}`);
});

process.once('SIGTERM', () => server.close());
