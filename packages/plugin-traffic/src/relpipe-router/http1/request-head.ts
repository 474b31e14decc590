import { noBody, FramingFields, type BodyFraming } from './body-framing.ts';
import { defaultConnectionOptions, hopByHopFields, listElements, readConnectionOptions, readFields, tokenPattern, withoutNamed } from './fields.ts';
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

  const framing = fields.framing.framing(noBody);
  const wantsTunnel = fields.connection.isUpgrade && isLatestVersion && framing.kind === 'none' && isTunnelProtocol(fields.upgrade);
  const forwarded = `${method} ${originForm(method, target, fields.host)} HTTP/1.1\r\n`
    + withoutNamed(fields.lines, fields.connection.named)
    + ownFields(fields, clientAddress, minor)
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
    case 'host': fields.host = onlyHost(fields.host, value); break;
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
  if (!/^[0-9A-Za-z._~%!$&'()*+,;=:[\]-]*$/.test(value)) throw new Refusal(400, `The host ${JSON.stringify(value)} is malformed.`);
  return value;
}

/** HTTP/2 over cleartext is refused as a tunnel: requests in it would pass unseen and uncounted. */
const isTunnelProtocol = (protocol: string) => protocol !== '' && !listElements(protocol).some((name) => name.startsWith('h2'));

function ownFields(fields: RequestFields, clientAddress: string, minor: string): string {
  return `x-forwarded-for: ${fields.forwardedFor}${clientAddress}\r\nvia: 1.${minor} relpipe-router\r\n`
    + (fields.hasForwardedProto ? '' : 'x-forwarded-proto: http\r\n')
    + (fields.hasForwardedHost || fields.host === undefined ? '' : `x-forwarded-host: ${fields.host}\r\n`)
    + (fields.acceptsTrailers ? 'te: trailers\r\nconnection: te\r\n' : '')
    + (fields.host === undefined ? 'host: \r\n' : '');
}

/**
 * The request target in the form an origin server gets (RFC 9112 section 3.2). A whole URL is accepted when it names the
 * same host as the host field, so that nobody downstream has to choose between the two.
 * @throws Refusal 400 for an unclear target, 501 for CONNECT
 */
function originForm(method: string, target: string, host: string | undefined): string {
  if (method === 'CONNECT') throw new Refusal(501, 'CONNECT is not supported: this is a reverse proxy.');
  if (target.startsWith('/')) return target;
  if (target === '*' && method === 'OPTIONS') return target;
  const [, authority, path = ''] = /^http:\/\/([^/?]+)(.*)$/i.exec(target) ?? [];
  if (authority === undefined) throw new Refusal(400, `The request target ${JSON.stringify(target.slice(0, 80))} is malformed.`);
  if (authority.toLowerCase() !== host?.toLowerCase()) throw new Refusal(400, 'The host field and the request target name different hosts.');
  return path.startsWith('/') ? path : `/${path}`;
}
