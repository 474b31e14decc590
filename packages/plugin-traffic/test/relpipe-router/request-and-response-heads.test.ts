import { expect, test } from 'vitest';
import { ChunkedScanner } from '../../src/relpipe-router/http1/body-scanner.ts';
import { parseRequestHead } from '../../src/relpipe-router/http1/request-head.ts';
import { parseResponseHead } from '../../src/relpipe-router/http1/response-head.ts';

const head = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
const parse = (...lines: string[]) => parseRequestHead(head(...lines), '192.0.2.7');
const get = { method: 'GET', isLatestVersion: true, wantsTunnel: false };

test.each([
  ['content-length beside transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Transfer-Encoding: chunked'], 400],
  ['two content-lengths, even equal ones', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Content-Length: 5'], 400],
  ['a list of content-lengths', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5, 5'], 400],
  ['a signed content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: +5'], 400],
  ['a hexadecimal content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 0x5'], 400],
  ['an empty content-length', ['POST / HTTP/1.1', 'Host: a', 'Content-Length:'], 400],
  ['another transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked'], 501],
  ['chunked twice', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 400],
  ['a disguised transfer-encoding', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: xchunked'], 501],
  ['a transfer-encoding with a control character', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: \x0bchunked'], 400],
  ['a transfer-encoding with a no-break space', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked\xa0'], 501],
  ['a transfer-encoding with an empty element', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked,'], 501],
  ['a transfer-encoding in HTTP/1.0', ['POST / HTTP/1.0', 'Transfer-Encoding: chunked'], 400],
  ['a blank before the colon', ['POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding : chunked'], 400],
  ['a folded line', ['GET / HTTP/1.1', 'Host: a', 'X: a', ' b'], 400],
  ['a bare line feed', ['GET / HTTP/1.1', 'Host: a\nContent-Length: 5'], 400],
  ['a bare carriage return', ['GET / HTTP/1.1', 'Host: a', 'X: a\rb'], 400],
  ['a NUL', ['GET / HTTP/1.1', 'Host: a', 'X: a\0b'], 400],
  ['a line without colon', ['GET / HTTP/1.1', 'Host: a', 'nonsense'], 400],
  ['a name that is not a token', ['GET / HTTP/1.1', 'Host: a', 'X(y): 1'], 400],
  ['no host', ['GET / HTTP/1.1'], 400],
  ['two hosts', ['GET / HTTP/1.1', 'Host: a', 'Host: b'], 400],
  ['a host with a path', ['GET / HTTP/1.1', 'Host: a/b'], 400],
  ['a URL with user information', ['GET http://me@b/x HTTP/1.1', 'Host: b'], 400],
  ['a URL without a host', ['GET http:///x HTTP/1.1', 'Host: a'], 400],
  ['a URL with a malformed host', ['GET http://a\\b/x HTTP/1.1', 'Host: a'], 400],
  ['a URL for https', ['GET https://a/x HTTP/1.1', 'Host: a'], 400],
  ['a URL and no host field', ['GET http://a/x HTTP/1.1'], 400],
  ['a URL and two host fields', ['GET http://a/x HTTP/1.1', 'Host: a', 'Host: a'], 400],
  ['two blanks in the request line', ['GET  / HTTP/1.1', 'Host: a'], 400],
  ['a request line without version', ['GET /', 'Host: a'], 400],
  ['HTTP/2', ['PRI * HTTP/2.0'], 505],
  ['CONNECT', ['CONNECT a:1 HTTP/1.1', 'Host: a:1'], 501],
  ['a target with a fragment', ['GET /a#b HTTP/1.1', 'Host: a'], 400],
  ['a target without slash', ['GET a HTTP/1.1', 'Host: a'], 400],
  ['a connection field that takes the length away', ['POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Connection: content-length'], 400],
])('a request with %s is refused', (_what, lines, status) => {
  expect(() => parse(...lines)).toThrow(expect.objectContaining({ name: 'Refusal', status }));
});

test('hop-by-hop fields are removed, and the forwarding fields are added', () => {
  const { forwarded } = parse(
    'GET /a?b HTTP/1.1', 'Host: shop.example', 'Connection: keep-alive, X-Private', 'X-Private: 1',
    'Keep-Alive: timeout=5', 'Proxy-Authorization: x', 'X-Kept: yes', 'X-Forwarded-For: 198.51.100.1',
  );
  expect(forwarded).toBe(head(
    'GET /a?b HTTP/1.1', 'Host: shop.example', 'X-Kept: yes', 'x-forwarded-for: 198.51.100.1, 192.0.2.7',
    'via: 1.1 relpipe-router', 'x-forwarded-proto: http', 'x-forwarded-host: shop.example', '',
  ));
});

test('protocol and host that a proxy in front has set are kept', () => {
  const { forwarded } = parse('GET / HTTP/1.1', 'Host: a', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: shop.example');
  expect(forwarded).toContain('X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n');
  expect(forwarded).not.toContain('x-forwarded-proto: http\r\n');
});

test('a URL as target becomes a path, and its host replaces the host field', () => {
  const { forwarded } = parse('GET http://b.example:8080/x?q HTTP/1.1', 'Accept: */*', 'Host: a.example');
  expect(forwarded).toBe(head(
    'GET /x?q HTTP/1.1', 'Host: b.example:8080', 'Accept: */*', 'x-forwarded-for: 192.0.2.7',
    'via: 1.1 relpipe-router', 'x-forwarded-proto: http', 'x-forwarded-host: b.example:8080', '',
  ));
});

test.each([
  ['GET http://a.example?q HTTP/1.1', 'GET /?q HTTP/1.1'],
  ['GET HTTP://a.example HTTP/1.1', 'GET / HTTP/1.1'],
  ['OPTIONS http://a.example HTTP/1.1', 'OPTIONS * HTTP/1.1'],
  ['OPTIONS http://a.example/ HTTP/1.1', 'OPTIONS / HTTP/1.1'],
])('the request line %s is forwarded as %s', (line, forwarded) => {
  expect(parse(line, 'Host: a.example').forwarded.split('\r\n')[0]).toBe(forwarded);
});

test('a request of HTTP/1.0 with a URL as target gets a host field from it', () => {
  expect(parse('GET http://b.example/x HTTP/1.0').forwarded).toMatch(/^GET \/x HTTP\/1\.1\r\nHost: b\.example\r\n/);
});

test('an upgrade to cleartext HTTP/2 is not tunnelled', () => {
  const request = parse('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk');
  expect(request.wantsTunnel).toBe(false);
  expect(request.forwarded).not.toMatch(/upgrade|http2/i);
});

test.each([
  ['both framings', ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['two lengths', ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Content-Length: 6']],
  ['no status', ['HTTP/1.1 OK']],
  ['a protocol switch that was not requested', ['HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket']],
])('an answer with %s is refused', (_what, lines) => {
  expect(() => parseResponseHead(head(...lines), get)).toThrow(expect.objectContaining({ name: 'Refusal' }));
});

test('answers to HEAD and answers with 304 keep their length and have no body; an answer with 204 has neither', () => {
  const lines = ['Content-Length: 12'];
  const toHead = parseResponseHead(head('HTTP/1.1 200 OK', ...lines), { ...get, method: 'HEAD' });
  const notModified = parseResponseHead(head('HTTP/1.1 304 Not Modified', ...lines), get);
  const empty = parseResponseHead(head('HTTP/1.1 204 No Content', ...lines), get);
  expect([toHead.framing.kind, notModified.framing.kind, empty.framing.kind]).toEqual(['none', 'none', 'none']);
  expect([toHead, notModified, empty].map(({ forwarded }) => forwarded.includes('Content-Length: 12'))).toEqual([true, true, false]);
});

test.each([
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a="b"\r\nhello\r\n00\r\nx-sum: 1\r\n\r\n',
])('the end of a chunked body is found however it is cut: %j', (body) => {
  for (let cut = 0; cut <= body.length; cut += 1) {
    const scanner = new ChunkedScanner();
    const [first, second] = [Buffer.from(body.slice(0, cut)), Buffer.from(`${body.slice(cut)}GET`)];
    expect(scanner.scan(first, 0)).toBe(cut);
    expect(scanner.scan(second, 0)).toBe(body.length - cut);
    expect(scanner.isComplete).toBe(true);
  }
});

test.each([
  ['a bare line feed after the size', '5\nhello\r\n0\r\n\r\n'],
  ['a bare line feed after the content', '5\r\nhello\n0\r\n\r\n'],
  ['content longer than its size', '3\r\nhello\r\n0\r\n\r\n'],
  ['no size', '\r\nhello\r\n'],
  ['a negative size', '-5\r\nhello\r\n'],
  ['a size with 0x', '0x5\r\nhello\r\n'],
  ['an overlong size', '00000000000005\r\nhello\r\n'],
  ['a blank before the size', ' 5\r\nhello\r\n'],
  ['a carriage return in an extension', '5;a\rb\r\nhello\r\n'],
  ['a trailer that frames', '0\r\nContent-Length: 5\r\n\r\n'],
  ['a trailer without colon', '0\r\nGET / HTTP/1.1\r\n\r\n'],
  ['an endless size line', `5;${'a'.repeat(20_000)}`],
])('a chunked body with %s is refused', (_what, body) => {
  expect(() => new ChunkedScanner().scan(Buffer.from(body, 'latin1'), 0)).toThrow(expect.objectContaining({ name: 'Refusal' }));
});
