import { expect, test } from 'vitest';
import { packageIndex } from '../../src/simple-api/package-index.ts';

test('a user name and a password leave the URL for the header', () => {
  expect(packageIndex('https://me:p%40ss@pkg.invalid/simple', '`index`')).toEqual({
    url: 'https://pkg.invalid/simple/',
    authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
  });
});

test('what is no URL is refused without repeating it, because it may hold a password', () => {
  expect(() => packageIndex('me:s3cret@host', 'PIP_INDEX_URL')).toThrow('What PIP_INDEX_URL says is no http or https URL.');
});
