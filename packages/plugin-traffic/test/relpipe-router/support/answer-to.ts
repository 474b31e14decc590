import type { ClientRequest, IncomingMessage } from 'node:http';

/** The head of the answer; its body is still to be read. */
export function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
}
