import { expect, test } from 'vitest';
import { isFullyKnown, plannedText, unknownUntilRun } from '../../src/contract/index.ts';

const later = { $later: 'steps.build.outputs.digest' };

test('a preview names the settings in which something is only known later, however deep', () => {
  expect(unknownUntilRun({ image: later, sides: { stable: 'http://a', candidate: later }, tags: ['1', later], weight: 5 })).toEqual([
    'image',
    'sides',
    'tags',
  ]);
});

test('a value that is only known later is named by where it will come from', () => {
  expect([plannedText('1.2.0'), plannedText(5), plannedText(later)]).toEqual(['1.2.0', '5', '(steps.build.outputs.digest)']);
});

test('a configuration is fully known when nothing in it is only known later, however deep', () => {
  expect(isFullyKnown({ a: [1, { b: null }], c: undefined })).toBe(true);
  expect(isFullyKnown({ a: [1, { b: { $later: 'steps.x.outputs.y' } }] })).toBe(false);
});
