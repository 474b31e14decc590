import { buffer } from 'node:stream/consumers';
import { serve, type Served } from '../../../../test/support/serve.ts';

export interface LosingProxy extends Served {
  /** The next change is made, and its answer lost. */
  losesTheNextAnswer(): void;
}

/** Stands before a real server, and loses answers as networks do. */
export async function loseAnswersOf(url: string): Promise<LosingProxy> {
  let loses = false;
  const served = await serve(async (request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    const body = await buffer(request);
    const type = headers['content-type'];
    const answer = await fetch(`${url}${path}`, { method, ...(body.length > 0 && { body }), ...(type !== undefined && { headers: { 'content-type': type } }) });
    const text = await answer.text();
    if (loses && method !== 'GET') {
      loses = false;
      return response.destroy();
    }
    return response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text);
  });
  return Object.assign(served, { losesTheNextAnswer: () => void (loses = true) });
}
