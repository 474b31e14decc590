import type { PreviewMatch } from '../routers/router.ts';
import { tokenPattern } from './http1/fields.ts';
import { isRecord } from './parse-weights.ts';
import { RouterError } from './router-error.ts';

/** @returns undefined for null: no preview  @throws RouterError TRAFFIC_ROUTER_PREVIEW_INVALID */
export function parsePreview(given: unknown, sides: readonly string[]): PreviewMatch | undefined {
  if (given === null) return undefined;
  const { side, by, name, value } = isRecord(given) ? given : {};
  if (typeof side !== 'string' || !sides.includes(side)) throw invalid(`there is no side ${JSON.stringify(side)}`);
  if (by !== 'header' && by !== 'cookie') throw invalid(`"by" must be "header" or "cookie"; found ${JSON.stringify(by)}`);
  if (typeof name !== 'string' || !token.test(name)) throw invalid(`${JSON.stringify(name)} is not a valid name of a ${by}`);
  if (value === undefined) return { side, by, name };
  if (typeof value !== 'string' || !visible.test(value)) throw invalid(`${JSON.stringify(value)} is not a valid value of a ${by}`);
  return { side, by, name, value };
}

const token = new RegExp(`^${tokenPattern}$`);
const visible = /^[\x21-\x3a\x3c-\x7e](?:[\x20-\x3a\x3c-\x7e]*[\x21-\x3a\x3c-\x7e])?$/;

const invalid = (finding: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_PREVIEW_INVALID',
    `The preview is invalid: ${finding}.`,
    'Send {"preview":{"side":"candidate","by":"header","name":"x-tester"}}.',
  );

/** Whether a request matches the preview. @param head latin1, its lines each ended by CRLF */
export type PreviewCheck = (head: string) => boolean;

/** Finds the header field, or the cookie among the cookies: RFC 6265 section 4.2. Only field names ignore case. */
export function createPreviewCheck({ by, name, value }: PreviewMatch): PreviewCheck {
  const pattern =
    by === 'header'
      ? `\\r\\n${inAnyCase(name)}:[ \\t]*${value === undefined ? '[^\\r\\n]*' : escaped(value)}[ \\t]*\\r\\n`
      : `\\r\\n${inAnyCase('cookie')}:(?:[^\\r\\n]*;)?[ \\t]*${escaped(name)}=`
        + `${value === undefined ? '[^;\\r\\n]*' : escaped(value)}[ \\t]*[;\\r]`;
  const found = new RegExp(pattern);
  return (head) => found.test(head);
}

const escaped = (text: string) =>
  text.replaceAll(/[^0-9A-Za-z]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

const inAnyCase = (name: string) =>
  escaped(name).replaceAll(/\\x..|[A-Za-z]/g, (part) => (part.length > 1 ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`));
