import { expect, test } from 'vitest';
import { packageIndex } from '../../src/simple-api/package-index.ts';

test('a user name and a password are moved from the URL to the header', () => {
  expect(packageIndex('https://me:p%40ss@pkg.invalid/simple', '`index`')).toEqual({
    url: 'https://pkg.invalid/simple/',
    authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
  });
});

test('an invalid URL is refused without repeating it, because it may contain a password', () => {
  expect(() => packageIndex('me:s3cret@host', 'PIP_INDEX_URL')).toThrow('The address in PIP_INDEX_URL is not a valid http or https URL.');
});
