/** A request as RFC 9110 and RFC 9112 define it, without any leniency. Texts are latin1. */
export interface ReadRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** End-to-end fields in order, names in lower case; not those that proxies add. */
  readonly fields: readonly string[];
  readonly content: string;
  readonly trailers: readonly string[];
}

export interface Reading {
  readonly requests: readonly ReadRequest[];
  /** How the bytes end: after a request, within one, with one that is invalid, or after one that closes the connection. */
  readonly end: 'complete' | 'incomplete' | 'invalid' | 'closed';
  /** The bytes of the request that is not complete. */
  readonly rest: string;
}

/**
 * Reads the requests on one connection: a second, independent reading for the tests of the router. It knows nothing of the router's
 * sources and favours shortness over speed; what it does not certainly understand is invalid.
 */
export function readRequests(bytes: string): Reading {
  const requests: ReadRequest[] = [];
  let rest = bytes;
  for (;;) {
    while (rest.startsWith('\r\n')) rest = rest.slice(2);
    if (rest === '' || rest === '\r') return { requests, end: rest === '' ? 'complete' : 'incomplete', rest };
    const one = readRequest(rest);
    if (one === 'incomplete' || one === 'invalid') return { requests, end: one, rest };
    requests.push(one.request);
    rest = rest.slice(one.length);
    if (one.closes) return { requests, end: 'closed', rest };
  }
}

interface One {
  readonly request: ReadRequest;
  readonly length: number;
  readonly closes: boolean;
}

function readRequest(bytes: string): One | 'incomplete' | 'invalid' {
  const headLength = bytes.indexOf('\r\n\r\n') + 4;
  if (headLength === 3) return 'incomplete';
  const [line = '', ...fieldLines] = bytes.slice(0, headLength - 4).split('\r\n');
  const [method = '', target = '', version, ...more] = line.split(' ');
  const fields = fieldLines.map(readField);
  const isWellFormed = token.test(method) && /^[!-~]+$/.test(target) && !target.includes('#') && more.length === 0 && (version === 'HTTP/1.1' || version === 'HTTP/1.0');
  if (!isWellFormed || !fields.every((field) => field !== undefined)) return 'invalid';
  const all = (name: string): readonly string[] => fields.filter((field) => field.name === name).map(({ value }) => value);
  const hosts = all('host');
  const address = hosts.length === 1 || (hosts.length === 0 && version === 'HTTP/1.0') ? readTarget(method, target, hosts[0] ?? '') : undefined;
  const body = readBody(bytes.slice(headLength), all('content-length'), all('transfer-encoding'), version);
  if (address === undefined || body === 'invalid') return 'invalid';
  if (body === 'incomplete') return 'incomplete';
  const options = elementsOf(all('connection'));
  const endToEnd = fields.filter(({ name }) => !options.includes(name) && !hopByHop.includes(name)).map(({ name, value }) => `${name}: ${value}`);
  const request = { method, ...address, fields: endToEnd, content: body.content, trailers: body.trailers };
  return { request, length: headLength + body.length, closes: version === 'HTTP/1.0' || options.includes('close') };
}

const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

const elementsOf = (values: readonly string[]): readonly string[] => values.join(',').toLowerCase().split(',').map(withoutBlanks);

const withoutBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

/** The fields of one hop, and those that the router adds or extends. */
const hopByHop = [
  'host', 'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'upgrade', 'http2-settings',
  'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via',
];

function readField(line: string): { readonly name: string; readonly value: string } | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon));
  const value = withoutBlanks(line.slice(colon + 1));
  return token.test(name) && isText(value) ? { name: name.toLowerCase(), value } : undefined;
}

/** Without control characters but the tab. */
const isText = (text: string): boolean => !/[^\t\x20-\x7e\x80-\xff]/.test(text);

function readTarget(method: string, target: string, host: string): { readonly path: string; readonly host: string } | undefined {
  if (method === 'CONNECT' || !isHost(host)) return undefined;
  if (target.startsWith('/') || (method === 'OPTIONS' && target === '*')) return { path: target, host };
  if (!target.toLowerCase().startsWith('http://')) return undefined;
  const afterScheme = target.slice('http://'.length);
  const authority = afterScheme.split(/[/?]/)[0] ?? '';
  const path = afterScheme.slice(authority.length);
  if (authority === '' || !isHost(authority)) return undefined;
  if (path === '') return { path: method === 'OPTIONS' ? '*' : '/', host: authority };
  return { path: path.startsWith('?') ? `/${path}` : path, host: authority };
}

const isHost = (host: string): boolean => /^[A-Za-z0-9.:[\]_~%!$&'()*+,;=-]*$/.test(host);

interface Body {
  readonly content: string;
  readonly trailers: readonly string[];
  readonly length: number;
}

function readBody(bytes: string, lengths: readonly string[], codings: readonly string[], version: string): Body | 'incomplete' | 'invalid' {
  if (codings.length > 0) {
    const isChunked = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked';
    return isChunked && lengths.length === 0 && version === 'HTTP/1.1' ? readChunks(bytes) : 'invalid';
  }
  const [length = '0', ...more] = lengths;
  if (more.length > 0 || !/^[0-9]{1,15}$/.test(length)) return 'invalid';
  const content = bytes.slice(0, Number(length));
  return content.length < Number(length) ? 'incomplete' : { content, trailers: [], length: content.length };
}

function readChunks(bytes: string): Body | 'incomplete' | 'invalid' {
  let [at, content] = [0, ''];
  for (;;) {
    const line = lineAt(bytes, at);
    if (line === undefined) return 'incomplete';
    const [, size] = /^([0-9A-Fa-f]{1,13})(?:[ \t]*;.*)?$/s.exec(line) ?? [];
    if (size === undefined || !isText(line)) return 'invalid';
    at += line.length + 2;
    if (Number.parseInt(size, 16) === 0) return readTrailers(bytes, at, content);
    const end = at + Number.parseInt(size, 16);
    const after = bytes.slice(end, end + 2);
    if (after.length < 2) return after === '' || after === '\r' ? 'incomplete' : 'invalid';
    if (after !== '\r\n') return 'invalid';
    content += bytes.slice(at, end);
    at = end + 2;
  }
}

function readTrailers(bytes: string, from: number, content: string): Body | 'incomplete' | 'invalid' {
  const trailers: string[] = [];
  for (let at = from; ; ) {
    const line = lineAt(bytes, at);
    if (line === undefined) return 'incomplete';
    at += line.length + 2;
    if (line === '') return { content, trailers, length: at };
    const field = readField(line);
    if (field === undefined) return 'invalid';
    trailers.push(`${field.name}: ${field.value}`);
  }
}

function lineAt(bytes: string, at: number): string | undefined {
  const end = bytes.indexOf('\r\n', at);
  return end === -1 ? undefined : bytes.slice(at, end);
}
