/**
 * The whole body of an answer.
 * @throws {TypeError} as soon as it is longer than `longestBody`; the rest is not read
 */
export async function readBody({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > longestBody) throw new TypeError(`it sends more than ${longestBody / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

/** Longer answers than any API gives that a release asks: what sends more is something else, or broken, and must not fill the memory. */
const longestBody = 64 * 1024 * 1024;
