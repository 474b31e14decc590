import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saying } from '../local-fixture.ts';
import { maskJson } from '../../../../src/run/local/masking/mask-json.ts';
import { createMask } from '../../../../src/run/local/masking/mask-secrets.ts';
import { secretForms } from '../../../../src/run/local/masking/secret-forms.ts';

const password = "p@ss w0rd/'+\"ß";
const mask = createMask({ PASSWORD: password });

test.each([
  ['raw', password],
  ['in base64', Buffer.from(password).toString('base64').replace(/=*$/, '')],
  ['in base64 behind one other byte', Buffer.from(`:${password}`).toString('base64')],
  ['in base64 between others', Buffer.from(`ann:${password}@host`).toString('base64')],
  ['in base64url', Buffer.from(`an:${password}`).toString('base64url')],
  ['URL-encoded', encodeURIComponent(password)],
  ['in a form', new URLSearchParams({ p: password }).toString()],
  ['in JSON', JSON.stringify({ p: password })],
])('a secret is masked %s', (_, text) => {
  const masked = mask.text(`before ${text} after`);
  expect(masked).toContain('***');
  expect(masked).toMatch(/^before .* after$/);
  for (const { head, rest } of secretForms(password)) expect(masked).not.toContain(head + rest);
  expect(mask.find(text)).toBe('PASSWORD');
});

test('each line of a secret with several lines is masked', () => {
  const key = createMask({ KEY: '-----BEGIN KEY-----\nMIIBVgIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n' });
  expect(key.text('x MIIBVgIBADANBg y')).toBe('x *** y');
});

test('overlapping secrets leave nothing of either', () => {
  expect(createMask({ A: 'abcdef', B: 'efghij' }).text('-abcdefghij-')).toBe('-***-');
});

test('a secret too short to be masked is refused by its name', () => {
  expect(() => createMask({ PIN: '123' })).toThrow(expect.objectContaining({ code: 'REL_SECRET_TOO_SHORT', message: saying('PIN') }));
});

test('however a text is cut into chunks, it is masked as a whole', () => {
  const secret = fc.string({ minLength: 4, maxLength: 12 }).filter((text) => text.trim().length >= 4);
  const near = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(secret, near), { minLength: 1, maxLength: 3 }).chain((secrets) => {
        const forms = secrets.flatMap((text) => secretForms(text).map(({ head, rest }) => head + rest));
        const piece = fc.oneof(fc.constantFrom(...forms), fc.constantFrom(...forms).map((form) => form.slice(0, -1)), fc.constantFrom(...forms).map((form) => form.replace(/.{5}/g, '$&\n')), fc.constantFrom('\n', ' '), fc.string({ maxLength: 5 }));
        return fc.tuple(fc.constant(secrets), fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }));
      }),
      ([secrets, pieces, cuts]) => {
        const text = pieces.join('');
        const mask = createMask(Object.fromEntries(secrets.map((value, i) => [`S${i}`, value])));
        const stream = mask.stream();
        const chunks = cutUp(text, cuts);
        expect(chunks.join('')).toBe(text);
        expect(chunks.map((chunk) => stream.push(chunk)).join('') + stream.end()).toBe(mask.text(text));
      },
    ),
    { numRuns: 500 },
  );
});

function cutUp(text: string, cuts: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0, i = 0; at < text.length; i += 1) {
    const length = 1 + cuts[i % cuts.length]!;
    chunks.push(text.slice(at, at + length));
    at += length;
  }
  return chunks;
}

test('a value keeps its shape when it is masked: only texts, names and numbers that show a secret change', () => {
  const mask = createMask({ PIN: '4242' });
  expect(maskJson([{ 'a 4242': 'is 4242' }, 1842425, 1.5, true, null, []], mask)).toEqual([{ 'a ***': 'is ***' }, '18***5', 1.5, true, null, []]);
});
