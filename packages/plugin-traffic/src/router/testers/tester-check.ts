import type { Testers } from '../../router-kinds/router.ts';

/** Whether a request comes from a tester. @param head latin1, its lines each ended by CRLF */
export type TesterCheck = (head: string) => boolean;

/** Looks for the header field, or the cookie among the cookies: RFC 6265 section 4.2. Names of fields know no case, all else does. */
export function createTesterCheck({ by, name, value }: Testers): TesterCheck {
  const pattern = by === 'header'
    ? `\\r\\n${inAnyCase(name)}:[ \\t]*${value === undefined ? '[^\\r\\n]*' : escaped(value)}[ \\t]*\\r\\n`
    : `\\r\\n${inAnyCase('cookie')}:(?:[^\\r\\n]*;)?[ \\t]*${escaped(name)}=${value === undefined ? '[^;\\r\\n]*' : escaped(value)}[ \\t]*[;\\r]`;
  const found = new RegExp(pattern);
  return (head) => found.test(head);
}

const escaped = (text: string) => text.replaceAll(/[^0-9A-Za-z]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

const inAnyCase = (name: string) => escaped(name).replaceAll(/\\x..|[A-Za-z]/g, (part) => (part.length > 1 ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`));
