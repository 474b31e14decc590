// A version that is bad from `POST /break` on: every answer is an error. Prints the time of the first one.
import { createServer, type ServerResponse } from 'node:http';
import { Metrics } from '../../../examples/pipelines/quickstart/metrics.ts';

const metrics = new Metrics();
let isBroken = false;
let hasSentError = false;

const server = createServer((request, response) => {
  switch (`${request.method} ${request.url}`) {
    case 'GET /metrics':
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(metrics.print());
      break;
    case 'POST /break':
      isBroken = true;
      response.end();
      break;
    default:
      answer(response);
  }
});

function answer(response: ServerResponse): void {
  const code = isBroken ? 500 : 200;
  response.writeHead(code, { 'x-version': 'candidate' }).end('answer\n');
  metrics.answered(code, 0.001);
  if (!isBroken || hasSentError) return;
  hasSentError = true;
  console.log(`first error at ${Date.now()}`);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`listens on http://127.0.0.1:${address.port}`);
});

process.once('SIGTERM', () => server.close());
