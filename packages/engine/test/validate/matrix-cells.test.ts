import { expect, test } from 'vitest';
import { cellName, matrixCells } from '../../src/validate/matrix-cells.ts';

const axes = { os: ['linux', 'mac'], node: [22, 24] };
const names = (include: Record<string, string | number>[], exclude: Record<string, string | number>[] = []) =>
  matrixCells(axes, { include, exclude }).map(cellName);

test('the cells of a matrix are the product of its axes, the last axis fastest', () => {
  expect(names([])).toEqual(['os=linux,node=22', 'os=linux,node=24', 'os=mac,node=22', 'os=mac,node=24']);
});

test('an exclude removes every cell that agrees with it', () => {
  expect(names([], [{ os: 'mac' }])).toEqual(['os=linux,node=22', 'os=linux,node=24']);
  expect(names([], [{ os: 'mac', node: 24 }])).toHaveLength(3);
});

test('an include adds values to the cells it agrees with', () => {
  expect(names([{ os: 'mac', slow: 'yes' }])).toEqual(['os=linux,node=22', 'os=linux,node=24', 'os=mac,node=22,slow=yes', 'os=mac,node=24,slow=yes']);
});

test('an include that agrees with no cell is a cell of its own', () => {
  expect(names([{ os: 'windows', node: 24 }]).at(-1)).toBe('os=windows,node=24');
});

test('an include that is a cell already adds nothing', () => {
  expect(names([{ os: 'mac', node: 24 }])).toHaveLength(4);
});

test('characters with a meaning in step keys are written in percent form', () => {
  expect(cellName({ path: 'a/b!c d' })).toBe('path=a%2Fb!c%20d'.replace('!', encodeURIComponent('!')));
});
