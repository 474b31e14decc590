import fc from 'fast-check';
import { attack, cuts, last } from '../../../packages/plugin-traffic/test/support/arbitrary-requests.ts';
import { readRequests, type ReadRequest } from '../../../packages/plugin-traffic/test/support/read-requests.ts';
import type { Findings } from '../findings.ts';
import { openTrial, type SeenRequest } from './router-trial.ts';

/**
 * Sends manipulated requests through the embedded router to a server that reads with Node's parser, llhttp, at its most lenient. Whatever that
 * server saw must be what a strict reading of the client's bytes says: another number, host, path or body is a smuggled request.
 */
export async function fuzzRequests(seed: number, count: number, found: Findings): Promise<string> {
  const trial = await openTrial();
  let [smuggled, passed, refused] = [0, 0, 0];
  try {
    for (const [text, places] of fc.sample(fc.tuple(attack, cuts), { seed, numRuns: count })) {
      const bytes = text + last;
      const expected = readRequests(bytes);
      const { seen, received } = await trial.send(bytes, places, expected.end === 'incomplete' ? expected.requests.length : undefined);
      passed += seen.length;
      refused += /^HTTP\/1\.1 (400|431|501|505) /m.test(received) ? 1 : 0;
      const other = seen.find((one, i) => !isSame(one, expected.requests[i], i === seen.length - 1));
      if (other === undefined) continue;
      smuggled += 1;
      found.keep(`request ${String(smuggled)}: smuggled`, JSON.stringify({ bytes, seen, expected, received }, undefined, 1), bytes);
    }
  } finally {
    await trial.close();
  }
  found.note(`${String(passed)} requests passed the router, and it refused ${String(refused)} connections`);
  if (passed < count / 10 || refused < count / 10) throw new Error('The manipulations test nothing.');
  return `requests: ${String(count)}, smuggled: ${String(smuggled)}`;
}

/** The router passes a body on as it comes; when it refuses the rest, the server has seen the start of the last one. */
function isSame(seen: SeenRequest, expected: ReadRequest | undefined, isLast: boolean): boolean {
  if (!seen.isWhole) return isLast;
  return expected !== undefined && seen.method === expected.method && seen.path === expected.path && seen.host === expected.host && seen.content === expected.content;
}
