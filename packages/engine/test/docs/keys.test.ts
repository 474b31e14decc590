import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keysPage } from './key-tables.ts';

test('the page of keys is what the language is now (vitest run --update writes it)', async () => {
  await expect(keysPage()).toMatchFileSnapshot(join(import.meta.dirname, '../../../../docs/reference/keys.md'));
});
