import fc from 'fast-check';

const number = fc.oneof(fc.nat({ max: 3 }), fc.bigInt({ min: 0n, max: 10n ** 24n })).map(String);
const separator = fc.constantFrom('', '-', '_', '.');
const optional = (part: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), part);
const worded = (...words: readonly string[]) =>
  fc.tuple(separator, fc.constantFrom(...words), separator, optional(number)).map(([a, word, b, n]) => `${a}${word}${n === '' ? '' : b}${n}`);

/** Versions in all spellings of PEP 440, with few and close values, so that many are nearly the same. */
export const versions: fc.Arbitrary<string> = fc
  .tuple(
    optional(fc.constant('v')),
    optional(number.map((n) => `${n}!`)),
    fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.')),
    optional(worded('a', 'alpha', 'b', 'BETA', 'rc', 'c', 'pre', 'preview')),
    optional(fc.oneof(worded('post', 'rev', 'r'), number.map((n) => `-${n}`))),
    optional(worded('dev')),
    optional(fc.array(fc.oneof(number, fc.constantFrom('a', 'b1', 'Ubuntu', '12e5', '0x1f')), { minLength: 1, maxLength: 3 }).map((parts) => `+${parts.join('.')}`)),
  )
  .map((parts) => parts.join(''));
