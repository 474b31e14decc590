import { Agent, get, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** The results of requests: answers by the side that sent them, and failures. */
interface Tally {
  readonly answers: Record<string, number>;
  readonly drops: string[];
}

/** Sends `count` requests over kept connections, several at a time. */
export async function sendRequests(url: string, count: number): Promise<Tally> {
  let left = count;
  return during(url, () => left-- > 0, () => Promise.resolve());
}

/** Sends requests until `happens` has finished. */
export async function underLoad(url: string, happens: () => Promise<void>): Promise<Tally> {
  let isOver = false;
  return during(url, () => !isOver, () => happens().finally(() => (isOver = true)));
}

async function during(url: string, continues: () => boolean, happens: () => Promise<void>): Promise<Tally> {
  const tally: Tally = { answers: {}, drops: [] };
  // Without a limit of sockets: a request that waited for a socket does not report that it got a kept one.
  const agent = new Agent({ keepAlive: true });
  const loop = async (): Promise<void> => {
    while (continues()) await ask(url, agent, tally);
  };
  try {
    await Promise.all([happens(), ...Array.from({ length: clients }, loop)]);
    return tally;
  } finally {
    agent.destroy();
  }
}

const clients = 16;

async function ask(url: string, agent: Agent, tally: Tally): Promise<void> {
  try {
    const answer = await send(url, agent);
    const body = await text(answer);
    if (answer.statusCode !== 200 || !answer.complete) throw new Error(`${answer.statusCode ?? 0} ${body}`);
    tally.answers[body] = (tally.answers[body] ?? 0) + 1;
  } catch (error) {
    tally.drops.push(String(error));
  }
}

/** As clients do, a GET is sent again when it was sent on a kept connection that the server was closing: RFC 9112 section 9.3.1. */
function send(url: string, agent: Agent): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request: ClientRequest = get(url, { agent }, resolve);
  request.on('error', (error: NodeJS.ErrnoException) => {
    if (request.reusedSocket && error.code === 'ECONNRESET') resolve(send(url, agent));
    else reject(error);
  });
  return promise;
}
