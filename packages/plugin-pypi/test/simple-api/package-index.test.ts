import { expect, test } from 'vitest';
import { packageIndex } from '../../src/simple-api/package-index.ts';

test('the named index comes first, then the one pip would use, then the public one', () => {
  const environment = { PIP_INDEX_URL: 'http://pip.invalid/simple/' };
  expect(packageIndex('http://named.invalid/simple', environment).url).toBe('http://named.invalid/simple/');
  expect(packageIndex(undefined, environment).url).toBe('http://pip.invalid/simple/');
  expect(packageIndex(undefined, {}).url).toBe('https://pypi.org/simple/');
});

test('a user name and a password leave the URL for the header', () => {
  expect(packageIndex('https://me:p%40ss@pkg.invalid/simple', {})).toEqual({
    url: 'https://pkg.invalid/simple/',
    authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
  });
});

test('what is no URL is refused without repeating it, because it may hold a password', () => {
  expect(() => packageIndex(undefined, { PIP_INDEX_URL: 'me:s3cret@host' })).toThrow(
    'PIP_INDEX_URL is no http or https URL.',
  );
});
