import { expect, test } from 'vitest';
import { parseChallenge } from '../../src/registry/log-in.ts';

const bearer = {
  scheme: 'bearer',
  realm: 'https://auth.test/token',
  service: 'reg',
  scope: 'repository:a/b:pull,push',
};

test.each([
  ['Bearer realm="https://auth.test/token",service="reg",scope="repository:a/b:pull,push"', bearer],
  ['bearer realm = "https://auth.test/token", scope="repository:a/b:pull,push", service="reg"', bearer],
  ['Basic realm="x", Bearer realm="https://auth.test/token",service="reg",scope="repository:a/b:pull,push"', bearer],
  ['Bearer realm="https://auth.test/token"', { ...bearer, service: undefined, scope: undefined }],
  ['Basic realm="Registry, Bearer of images"', { scheme: 'basic' }],
  ['BASIC', { scheme: 'basic' }],
  ['Bearer service="reg"', undefined],
  ['Negotiate', undefined],
  [null, undefined],
])('the challenge "%s" is parsed', (header, challenge) => {
  expect(parseChallenge(header)).toEqual(challenge);
});
