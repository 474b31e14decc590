import { expect, test } from 'vitest';
import { findSecret } from '../../../../src/run/local/masking/mask-json.ts';
import { createMask } from '../../../../src/run/local/masking/mask-secrets.ts';

const secret = `pA/s"s<w>&o'rd+1/Xy9=Zq\\~ü$e`;
const hex = Buffer.from(secret).toString('hex');
const bytes = hex.match(/../g)!;
const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const json = JSON.stringify(secret);
const token = `${'eyJhbGciOiJIUzI1NiJ9.AbCdEfGhIjKl'.repeat(3)}.Zq9Yw8Xv7Ut6`;
const lines = (text: string, width: number, end = '\n'): string => text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(end);

test.each([
  ['URL with slashes', encodeURIComponent(secret).replaceAll('%2F', '/')],
  ['whole URL', encodeURI(secret)],
  ['URL in a URL', encodeURIComponent(encodeURIComponent(secret))],
  ['HTML text', html],
  ['HTML attribute', html.replaceAll('"', '&quot;')],
  ['HTML with &#39;', html.replaceAll('"', '&quot;').replaceAll("'", '&#39;')],
  ['HTML of Go', html.replaceAll('"', '&#34;').replaceAll("'", '&#39;')],
  ['HTML of Python', html.replaceAll('"', '&quot;').replaceAll("'", '&#x27;')],
  ['XML', html.replaceAll('"', '&quot;').replaceAll("'", '&apos;')],
  ['JSON of Go', json.replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')],
  ['JSON of PHP', json.replaceAll('/', '\\/').replaceAll('ü', '\\u00fc')],
  ['JSON with slashes', json.replaceAll('/', '\\/')],
  ['JSON of Python', json.replaceAll('ü', '\\u00fc')],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ token: secret }))],
  ['set -x', `'${secret.replaceAll("'", String.raw`'\''`)}'`],
  ['shlex.quote', `'${secret.replaceAll("'", `'"'"'`)}'`],
  ['printf %q', secret.replace(/["'<>&\\$]/g, String.raw`\$&`)],
  ['double quotes', secret.replace(/["\\$`]/g, String.raw`\$&`)],
  ['Python repr', `'${secret.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`],
  ['SQL', `'${secret.replaceAll("'", "''")}'`],
  ['CSV', `"${secret.replaceAll('"', '""')}"`],
  ['hex with blanks', bytes.join(' ')],
  ['hex with colons', bytes.join(':').toUpperCase()],
  ['hex with dashes', bytes.join('-')],
  ['hex in pairs', hex.match(/.{1,4}/g)!.join(' ')],
])('a secret is masked and refused as programs write it: %s', (_, text) => {
  const mask = createMask({ PASSWORD: secret });
  expect(mask.text(`before ${text} after`)).toMatch(/^before ['"{}:a-z\\]*\*\*\*['"}\\]* after$/);
  expect(findSecret(mask, { text: [text] })).toBe('PASSWORD');
});

const base64 = Buffer.from(token).toString('base64');
const tokenHex = Buffer.from(token).toString('hex');

test.each([
  ['base64 at 76', lines(base64, 76)],
  ['base64 at 64', lines(base64, 64)],
  ['base64 with CR LF', lines(base64, 76, '\r\n')],
  ['base64 with blanks', lines(base64, 76, ' ')],
  ['indented base64', lines(base64, 76, '\n    ')],
  ['base64url at 64', lines(Buffer.from(`x${token}`).toString('base64url'), 64)],
  ['hex at 60', lines(tokenHex, 60)],
  ['od', lines(tokenHex.match(/../g)!.map((byte) => ` ${byte}`).join(''), 48)],
  ['openssl', lines(tokenHex.match(/../g)!.join(':'), 45, '\n    ')],
  ...[72, 73, 74, 75].map((before) => [`base64 whose first line ends ${76 - before} characters behind the start`, lines(Buffer.from('x'.repeat((before / 4) * 3) + token).toString('base64'), 76)]),
])('an encoded secret is masked and refused where its lines are cut: %s', (_, text) => {
  const mask = createMask({ TOKEN: token });
  const stream = mask.stream();
  const masked = text.split(/(?<=\n)/).map((line) => stream.push(line)).join('') + stream.end();
  expect(masked).toBe(mask.text(text));
  expect(masked).toContain('***');
  for (const decoded of [Buffer.from(masked.replace(/[^\w+/-]/g, ''), 'base64'), Buffer.from(masked.replace(/[^\da-f]/g, ''), 'hex')]) {
    for (let at = 0; at + 8 <= token.length; at += 1) expect(decoded.toString('latin1')).not.toContain(token.slice(at, at + 8));
  }
  expect(findSecret(mask, text)).toBe('TOKEN');
});

test('a line that ends like an encoded secret starts does not wait for the next line', () => {
  const stream = createMask({ TOKEN: token }).stream();
  for (const line of [`ready ${base64.slice(0, 3)}\n`, `port ${tokenHex.slice(0, 2)}\n`, `${token.slice(0, 5)}\n`]) expect(stream.push(line)).toBe(line);
});

test('ordinary text stays as it is', () => {
  const text = 'On 2026-11-30 at 05:16:18, commit 3cb611b4 of https://example.org/a?b=c&d=%20e made 12:34:56:78 builds; it said "yes & no".\n'.repeat(20);
  expect(createMask({ A: token, B: secret, C: 'word' }).text(text)).toBe(text);
});
