import fc from 'fast-check';

/** From 0 to 1, evenly: `fc.double` favours values near 0. */
const fraction = fc.nat(1000).map((n) => n / 1000);

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const content = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  pick('', 'GET /in-a-body HTTP/1.1\r\nHost: a\r\n\r\n', '0\r\n\r\n', '\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n'),
);

const sized = content.map((text) => ({ fields: [`Content-Length: ${text.length}`], body: text }));
const chunked = fc
  .record({ chunks: fc.array(content.filter((text) => text !== ''), { maxLength: 3 }), extension: pick('', '', ';a=b', ' ; c="d"'), zero: pick('0', '00'), trailers: pick('', '', 'X-Sum: 1\r\n') })
  .map(({ chunks, extension, zero, trailers }) => ({
    fields: ['Transfer-Encoding: chunked'],
    body: `${chunks.map((text) => `${text.length.toString(16)}${extension}\r\n${text}\r\n`).join('')}${zero}\r\n${trailers}\r\n`,
  }));
const body = fc.oneof(fc.constant({ fields: [] as string[], body: '' }), sized, chunked);

const field = pick(
  'Accept: */*', 'Cookie: a=b; c=d', 'X-Empty:', 'X-Tab: a\tb', 'X-High: \xe4\xf6', 'Connection: keep-alive', 'Connection: X-Private', 'X-Private: 1', 'TE: trailers',
  'X-Forwarded-For: 192.0.2.1', 'Keep-Alive: timeout=5', 'Upgrade: websocket', 'Content-Type: text/plain', 'Expect-Nothing: yes',
);

/** A valid request, as bytes in latin1. */
const request = fc
  .record({ method: pick('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH'), target: pick('/', '/a?b=c', '/%2e%2e//', 'http://b.example/x', 'HTTP://b.example:81?q'), fields: fc.array(field, { maxLength: 4 }), body, blank: pick('', '', '\r\n') })
  .map(({ method, target, fields, body: { fields: framing, body: bytes }, blank }) => {
    const lines = [`${method} ${target} HTTP/1.1`, 'Host: a.example', ...fields, ...framing];
    return `${blank}${lines.join('\r\n')}\r\n\r\n${bytes}`;
  });

/** What somebody writes into a stream to have it read in two ways. */
const poison = pick(
  '\r', '\n', '\r\n', '\r\n\r\n', ' ', '\t', '\0', '\x0b', '\x7f', '\x85', '\xa0', ':', ';', ',', ', identity', ', chunked', '0', '5', 'g', '-', '+', '0x', '5\r\n', '0\r\n\r\n',
  'Content-Length: 5\r\n', 'Content-Length: 0\r\n', 'Content-Length : 5\r\n', 'Content-Length: 5, 5\r\n', 'Content_Length: 5\r\n', 'content-length:\r\n 5\r\n',
  'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: xchunked\r\n', 'Transfer-Encoding: chunked, identity\r\n', 'Transfer-Encoding:\tchunked\r\n', 'transfer-encoding\r\n : chunked\r\n',
  'Host: b\r\n', 'Host: b@c\r\n', 'Connection: content-length\r\n', 'Connection: close\r\n', ' HTTP/1.1', ' HTTP/1.0', 'GET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n', 'GET /smuggled HTTP/1.1\nHost: s\n\n',
);

interface Edit {
  /** From 0 to 1. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const edit = fc.record({ at: fraction, removed: pick(0, 0, 1, 2, 10), inserted: fc.oneof(poison, fc.constant('')) });

/** Edits near line ends, because that is where framing is decided. */
function withEdit(text: string, { at, removed, inserted }: Edit): string {
  const ends = [...text.matchAll(/\r\n/g)].flatMap(({ index }) => [index, index + 2]);
  const places = [...ends, ...ends, Math.floor(at * text.length)];
  const place = places[Math.floor(at * (places.length - 1))] ?? 0;
  return text.slice(0, place) + inserted + text.slice(place + removed);
}

/** One to three valid requests, as bytes in latin1. */
export const stream = fc.array(request, { minLength: 1, maxLength: 3 }).map((requests) => requests.join(''));
/** The same, manipulated in up to three places. */
export const attack = fc.tuple(stream, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => edits.reduce(withEdit, text));
/** Where the bytes are cut into packets, from 0 to 1. */
export const cuts = fc.array(fraction, { maxLength: 4 });

/** Closes the connection, so that its answer is the last one. */
export const last = 'GET /last HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n';
