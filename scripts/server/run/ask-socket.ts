import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

const patienceMs = 5_000;

/** A GET over a Unix socket. Throws while nobody listens, and for anything but a 200. */
export async function askSocket(socketPath: string, path: string): Promise<string> {
  const asking = request({ socketPath, path, signal: AbortSignal.timeout(patienceMs) }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode ?? 'nothing'}: ${answer}`);
  return answer;
}
