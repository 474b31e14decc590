import { noBody, FramingFields, type BodyFraming } from './body-framing.ts';
import {
  defaultConnectionOptions,
  hopByHopFields,
  listElements,
  readConnectionOptions,
  readFields,
  tokenPattern,
  withoutNamed,
} from './fields.ts';
import { Refusal } from './refusal.ts';

/** A request as a side will get it. */
export interface RequestHead {
  readonly method: string;
  /** HTTP/1.1; false for HTTP/1.0. */
  readonly isLatestVersion: boolean;
  /** The head to send on, complete with the empty line: latin1. */
  readonly forwarded: string;
  readonly framing: BodyFraming;
  readonly wantsClose: boolean;
  /** Asks to leave HTTP, e.g. for WebSocket. */
  readonly wantsTunnel: boolean;
}

/**
 * Reads a request head, refuses what is ambiguous, and rewrites it for the upstream side: hop-by-hop fields removed,
 * `x-forwarded-for` extended, `x-forwarded-proto` and `x-forwarded-host` added where a proxy in front has not set
 * them, `via` added.
 * @param text latin1, from the request line to the last field line with its CRLF, without the empty line
 * @param clientAddress added to `x-forwarded-for`
 * @throws Refusal
 */
export function parseRequestHead(text: string, clientAddress: string): RequestHead {
  const [line, method, target, minor] = readRequestLine(text);
  const fields = collectFields(text, line.length);
  const isLatestVersion = minor === '1';
  if (!isLatestVersion && fields.framing.isChunked) throw new Refusal(400, 'HTTP/1.0 has no transfer-encoding.');
  if (fields.host === undefined && isLatestVersion) throw new Refusal(400, 'There is no host field.');

  const { path, host } = addressOf(method, target, fields.host);
  const framing = fields.framing.framing(noBody);
  const wantsTunnel = fields.connection.isUpgrade && isLatestVersion && framing.kind === 'none' && isTunnelProtocol(fields.upgrade);
  const forwarded = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`
    + withoutNamed(fields.lines, fields.connection.named)
    + ownFields(fields, host, clientAddress, minor)
    + (wantsTunnel ? `connection: upgrade\r\nupgrade: ${fields.upgrade}\r\n\r\n` : '\r\n');
  return { method, isLatestVersion, forwarded, framing, wantsClose: !isLatestVersion || fields.connection.isClose, wantsTunnel };
}

interface RequestFields {
  lines: string;
  host: string | undefined;
  forwardedFor: string;
  hasForwardedProto: boolean;
  hasForwardedHost: boolean;
  acceptsTrailers: boolean;
  upgrade: string;
  connection: typeof defaultConnectionOptions;
  readonly framing: FramingFields;
}

const requestLine = new RegExp(`^(${tokenPattern}) ([\\x21\\x22\\x24-\\x7e]+) HTTP/([0-9])\\.([0-9])\\r\\n`);

function readRequestLine(text: string): [line: string, method: string, target: string, minor: string] {
  const match = requestLine.exec(text);
  if (match === null) throw new Refusal(400, 'The request line is malformed.');
  const [line, method = '', target = '', major, minor = ''] = match;
  if (major !== '1' || (minor !== '0' && minor !== '1')) throw new Refusal(505, `HTTP/${major}.${minor} is not supported.`);
  return [line, method, target, minor];
}

function collectFields(text: string, from: number): RequestFields {
  const fields: RequestFields = {
    lines: '', host: undefined, forwardedFor: '', hasForwardedProto: false, hasForwardedHost: false,
    acceptsTrailers: false, upgrade: '', connection: defaultConnectionOptions, framing: new FramingFields(),
  };
  let connection = '';
  readFields(text, from, (name, lowerName, value) => {
    if (lowerName === 'connection') connection += `${value},`;
    else collectField(fields, name, lowerName, value);
  });
  if (connection !== '') fields.connection = readConnectionOptions(connection);
  return fields;
}

function collectField(fields: RequestFields, name: string, lowerName: string, value: string): void {
  switch (lowerName) {
    case 'host': fields.host = onlyHost(fields.host, value); return;
    case 'content-length': fields.framing.addContentLength(value); break;
    case 'transfer-encoding': fields.framing.addTransferEncoding(value); break;
    case 'x-forwarded-for': fields.forwardedFor += `${value}, `; return;
    case 'x-forwarded-proto': fields.hasForwardedProto = true; break;
    case 'x-forwarded-host': fields.hasForwardedHost = true; break;
    case 'te': fields.acceptsTrailers = listElements(value).includes('trailers'); return;
    case 'upgrade': fields.upgrade = value; return;
    default: if (hopByHopFields.has(lowerName)) return;
  }
  fields.lines += `${name}: ${value}\r\n`;
}

function onlyHost(previous: string | undefined, value: string): string {
  if (previous !== undefined) throw new Refusal(400, 'There is more than one host field.');
  return wellFormedHost(value);
}

/** Without user information: in a request it is more likely an attack than a name (RFC 9110 section 4.2.4). */
function wellFormedHost(host: string): string {
  if (!/^[0-9A-Za-z._~%!$&'()*+,;=:[\]-]*$/.test(host)) throw new Refusal(400, `The host ${JSON.stringify(host)} is malformed.`);
  return host;
}

/**
 * The request target as a side gets it, and the host (RFC 9112 section 3.2). The host of a URL replaces the host field, so that no program
 * after the router has to choose between the two.
 * @param host of the host field; undefined in HTTP/1.0 only
 * @throws Refusal 400 for a malformed target, 501 for CONNECT
 */
function addressOf(method: string, target: string, host = ''): { readonly path: string; readonly host: string } {
  if (method === 'CONNECT') throw new Refusal(501, 'CONNECT is not supported: this is a reverse proxy.');
  if (target.startsWith('/') || (target === '*' && method === 'OPTIONS')) return { path: target, host };
  const [, authority, path = ''] = /^http:\/\/([^/?]+)(.*)$/i.exec(target) ?? [];
  if (authority === undefined) throw new Refusal(400, `The request target ${JSON.stringify(target.slice(0, 80))} is malformed.`);
  const isWholeServer = method === 'OPTIONS' && path === '';
  return { path: isWholeServer ? '*' : path.replace(/^(?!\/)/, '/'), host: wellFormedHost(authority) };
}

/** HTTP/2 over cleartext is refused as a tunnel: requests in it would pass unseen and uncounted. */
const isTunnelProtocol = (protocol: string) => protocol !== '' && !listElements(protocol).some((name) => name.startsWith('h2'));

function ownFields(fields: RequestFields, host: string, clientAddress: string, minor: string): string {
  return `x-forwarded-for: ${fields.forwardedFor}${clientAddress}\r\nvia: 1.${minor} relpipe-router\r\n`
    + (fields.hasForwardedProto ? '' : 'x-forwarded-proto: http\r\n')
    + (fields.hasForwardedHost || host === '' ? '' : `x-forwarded-host: ${host}\r\n`)
    + (fields.acceptsTrailers ? 'te: trailers\r\nconnection: te\r\n' : '');
}
