import { buffer } from 'node:stream/consumers';
import { serve, type Served } from '@relpipe/testing/http-server';

export interface LosingProxy extends Served {
  /** The next change is made, and its response lost. */
  losesTheNextResponse(): void;
}

/** A proxy in front of a real server that loses responses as networks do. */
export async function loseResponsesOf(url: string): Promise<LosingProxy> {
  let loses = false;
  const served = await serve(async (request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    const body = await buffer(request);
    const type = headers['content-type'];
    const upstream = await fetch(`${url}${path}`, { method, ...(body.length > 0 && { body }), ...(type !== undefined && { headers: { 'content-type': type } }) });
    const text = await upstream.text();
    if (loses && method !== 'GET') {
      loses = false;
      return response.destroy();
    }
    return response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? 'text/plain' }).end(text);
  });
  return Object.assign(served, { losesTheNextResponse: () => void (loses = true) });
}
