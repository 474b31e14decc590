import { expect, test } from 'vitest';
import { parseIni } from '../../src/settings/ini.ts';

test('sections, both separators, comments and values that continue in the next line are read', () => {
  const text = [
    '# of the machine', '[global]', 'Index-URL: https://a.invalid/simple', '; no', 'timeout=60', 'extra =', '  one', '  two', '',
    '[install]', 'index-url = https://me:p=w@b.invalid/simple', '', '[global]', 'timeout = 70',
  ].join('\n');
  const read = [...parseIni(text)].map(([section, keys]) => [section, Object.fromEntries(keys)] as const);
  expect(Object.fromEntries(read)).toEqual({
    global: { 'index-url': 'https://a.invalid/simple', timeout: '70', extra: 'one\ntwo' },
    install: { 'index-url': 'https://me:p=w@b.invalid/simple' },
  });
});
