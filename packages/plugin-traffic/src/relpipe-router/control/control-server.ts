import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { messageOf } from 'relpipe/plugin/toolkit';
import { isSameToken } from '../state/control-token.ts';
import { answerControl, refusal, type ControlAnswer, type ControlledRouter } from './control-api.ts';

/**
 * The control endpoint. Everything requires the bearer token except `GET /metrics`, which a scraper reads and which
 * changes nothing. A host that is a name is refused, so that no web page can reach it through DNS.
 */
export function createControlServer(router: ControlledRouter, token: string): Server {
  return createServer((request, response) => {
    answer(router, token, request)
      .catch(internalError)
      .then((answered) => send(response, answered))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
}

async function answer(router: ControlledRouter, token: string, request: IncomingMessage): Promise<ControlAnswer> {
  const url = new URL(`http://control${request.url ?? '/'}`);
  const method = request.method ?? '';
  if (!isPlainAddress(request.headers.host))
    return refusal(403, 'The control endpoint accepts requests by its IP address only.', 'Use http://127.0.0.1:PORT.');
  const isOpen = method === 'GET' && url.pathname === '/metrics';
  if (!isOpen && !isAllowed(request.headers.authorization, token)) {
    return refusal(401, 'The bearer token is missing or wrong.', 'Read it from the token file: the state file contains its path.');
  }
  const body = await readBody(request);
  if (body === undefined) return refusal(413, 'The body is longer than 64 KiB.', 'Send only what the path takes.');
  return answerControl(router, { method, url, body, ifMatch: request.headers['if-match'] });
}

const isAllowed = (authorization: string | undefined, token: string) =>
  authorization !== undefined && /^bearer /i.test(authorization) && isSameToken(authorization.slice('bearer '.length), token);

function isPlainAddress(host = ''): boolean {
  const name = host.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || name === 'localhost';
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const internalError = (error: unknown): ControlAnswer =>
  refusal(500, `Internal error of the router: ${messageOf(error)}.`, "Nothing was changed. Read the router's log.");

function send(response: ServerResponse, { status, body, generation }: ControlAnswer): void {
  const isText = typeof body === 'string';
  const text = isText ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(generation !== undefined && { etag: `"${generation}"` }),
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="relpipe-router"' }),
  });
  response.end(text);
}

const maxBodyBytes = 65_536;
