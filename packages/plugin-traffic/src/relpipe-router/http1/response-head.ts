import { noBody, FramingFields, type BodyFraming } from './body-framing.ts';
import {
  defaultConnectionOptions,
  hopByHopFields,
  readConnectionOptions,
  readFields,
  withoutNamed,
  type ConnectionOptions,
} from './fields.ts';
import { Refusal } from './refusal.ts';
import type { RequestHead } from './request-head.ts';

/** The head of an answer as the client will get it. */
export interface ResponseHead {
  readonly status: number;
  /** Status line and end-to-end fields, without `connection` and without the empty line: latin1. */
  readonly forwarded: string;
  readonly framing: BodyFraming;
  /** The upstream connection may carry another request afterwards. */
  readonly isReusable: boolean;
}

/**
 * @param text latin1, status line and field lines each with CRLF, without the empty line
 * @param request decides whether there is a body: an answer to HEAD has none
 * @throws Refusal with what is wrong with the answer
 */
export function parseResponseHead(text: string, request: Pick<RequestHead, 'method' | 'isLatestVersion' | 'wantsTunnel'>): ResponseHead {
  const match = statusLine.exec(text);
  if (match === null) throw new Refusal(400, 'The status line is malformed.');
  const [line, minor, code = '', reason = ''] = match;
  const status = Number(code);
  const fields = collectFields(text, line.length, status, !request.isLatestVersion);
  const framing = framingOf(status, request.method, fields);
  const isTunnel = status === 101;
  if (isTunnel && !request.wantsTunnel) throw new Refusal(400, 'It switched protocols, but the request did not ask for that.');
  const ownFields = isTunnel ? `connection: upgrade\r\nupgrade: ${fields.upgrade}\r\n` : 'via: 1.1 relpipe-router\r\n';
  return {
    status,
    forwarded: `HTTP/1.1 ${code} ${reason}\r\n${fields.lines}${ownFields}`,
    framing,
    isReusable: minor === '1' && !fields.connection.isClose && framing.kind !== 'until-close' && !isTunnel,
  };
}

interface ResponseFields {
  lines: string;
  upgrade: string;
  connection: ConnectionOptions;
  readonly framing: FramingFields;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n/;

function collectFields(text: string, from: number, status: number, isForOldClient: boolean): ResponseFields {
  const fields: ResponseFields = { lines: '', upgrade: '', connection: defaultConnectionOptions, framing: new FramingFields() };
  let connection = '';
  readFields(text, from, (name, lowerName, value) => {
    switch (lowerName) {
      case 'connection': connection += `${value},`; return;
      case 'upgrade': fields.upgrade = value; return;
      case 'content-length':
        fields.framing.addContentLength(value);
        if (status === 204) return;
        break;
      case 'transfer-encoding':
        fields.framing.addTransferEncoding(value);
        if (status === 204 || isForOldClient) return;
        break;
      default: if (hopByHopFields.has(lowerName)) return;
    }
    fields.lines += `${name}: ${value}\r\n`;
  });
  if (connection !== '') fields.connection = readConnectionOptions(connection);
  return { ...fields, lines: withoutNamed(fields.lines, fields.connection.named) };
}

function framingOf(status: number, method: string, fields: ResponseFields): BodyFraming {
  // Called even where there is no body: a length together with a transfer-encoding is never valid.
  const framing = fields.framing.framing({ kind: 'until-close' });
  const isBodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  return isBodiless ? noBody : framing;
}
