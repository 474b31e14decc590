import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuantity, printQuantity, quantityKinds } from '../../../src/expressions/quantities/quantity.ts';

const valueOf = (kind: (typeof quantityKinds)[number], text: string) => {
  const parsed = parseQuantity(kind, text);
  return parsed.ok ? parsed.value : parsed.likely;
};

test.each([
  ['7d', 604_800_000],
  ['1d12h', 129_600_000],
  ['24h', 86_400_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['300ms', 300],
  ['1m30s', 90_000],
  ['0s', 0],
  ['-5m', -300_000],
])('the duration %s is %d ms', (text, ms) => expect(valueOf('duration', text)).toBe(ms));

test.each([
  ['512MiB', 536_870_912],
  ['1.5GiB', 1_610_612_736],
  ['10kB', 10_000],
  ['0B', 0],
])('the size %s is %d bytes', (text, bytes) => expect(valueOf('size', text)).toBe(bytes));

test('a quantity is written with the largest units that keep it whole', () => {
  expect(printQuantity('duration', 5_400_000)).toBe('1h30m');
  expect(printQuantity('duration', 259_200_000)).toBe('72h');
  expect(printQuantity('duration', 1_500)).toBe('1s500ms');
  expect(printQuantity('size', 1_610_612_736)).toBe('1536MiB');
  expect(printQuantity('size', 1_001)).toBe('1001B');
  expect(printQuantity('percent', 0.1 + 0.2)).toBe('0.3%');
  expect(printQuantity('percent', 1e-7)).toBe('0.0000001%');
});

describe('a number without its unit is refused with what it could have been', () => {
  test.each([
    ['duration', '24', ['24s', '24m', '24h']],
    ['duration', '3 days', ['3d']],
    ['duration', '2 weeks', ['14d']],
    ['duration', '5 min', ['5m']],
    ['duration', 'soon', []],
    ['percent', '10', ['10%']],
    ['percent', '0.1', ['10%', '0.1%']],
    ['percent', '10 %', ['10%']],
    ['size', '512', ['512B', '512MiB', '512GiB']],
    ['size', '512M', ['512MiB', '512MB']],
    ['size', '512mib', ['512MiB']],
  ] as const)('%s "%s"', (kind, text, likely) => expect(valueOf(kind, text)).toEqual(likely));
});

test('units must be in order and used once: 30m1h and 1h1h are refused', () => {
  expect(valueOf('duration', '30m1h')).toEqual([]);
  expect(valueOf('duration', '1h1h')).toEqual([]);
});

const whole = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
const percents = fc.integer({ min: -(10 ** 7), max: 10 ** 7 }).map((n) => n / 10_000);

test('a printed quantity is read as the same quantity', () => {
  for (const [kind, values] of [['duration', whole], ['size', whole], ['percent', percents]] as const) {
    fc.assert(
      fc.property(values, (value) => {
        expect(valueOf(kind, printQuantity(kind, value))).toBe(value === 0 ? 0 : value);
      }),
    );
  }
});

test('a quantity has one written form: printing it a second time changes nothing', () => {
  const units = fc.constantFrom('h', 'm', 's', 'ms');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), units, (count, unit) => {
      const printed = printQuantity('duration', Number(valueOf('duration', `${count}${unit}`)));
      expect(printQuantity('duration', Number(valueOf('duration', printed)))).toBe(printed);
    }),
  );
});
