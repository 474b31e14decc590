import { expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { imageReference, parseReference, printReference, taggedReference, wantedOf } from '../../src/image/reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['redis', 'https://registry-1.docker.io', 'library/redis', 'latest', 'docker.io/library/redis'],
  ['acme/engine:1.4.0', 'https://registry-1.docker.io', 'acme/engine', '1.4.0', 'docker.io/acme/engine:1.4.0'],
  ['ghcr.io/acme/engine:1.4.0', 'https://ghcr.io', 'acme/engine', '1.4.0', 'ghcr.io/acme/engine:1.4.0'],
  [`ghcr.io/acme/engine:1@${digest}`, 'https://ghcr.io', 'acme/engine', digest, `ghcr.io/acme/engine:1@${digest}`],
  ['localhost/engine:1', 'http://localhost', 'engine', '1', 'localhost/engine:1'],
  ['127.0.0.1:5000/engine', 'http://127.0.0.1:5000', 'engine', 'latest', '127.0.0.1:5000/engine'],
  ['registry:5000/a/b:c', 'https://registry:5000', 'a/b', 'c', 'registry:5000/a/b:c'],
  ['http://registry.local/a/b:c', 'http://registry.local', 'a/b', 'c', 'registry.local/a/b:c'],
  ['https://127.0.0.1:5000/a:b', 'https://127.0.0.1:5000', 'a', 'b', '127.0.0.1:5000/a:b'],
])('%s is parsed as the docker CLI parses it', (text, registry, repository, wanted, printed) => {
  expect(Value.Check(imageReference(''), text)).toBe(true);
  const reference = parseReference(text);
  expect({ registry: reference.registry, repository: reference.repository, wanted: wantedOf(reference) }).toEqual({ registry, repository, wanted });
  expect(printReference(reference)).toBe(printed);
});

test.each(['', 'Acme/engine', 'a b', 'ghcr.io/', 'engine:', 'engine@sha256:abc', 'ghcr.io/acme//engine', '-v', 'engine:1:2'])('"%s" is not a valid image name', (text) => {
  expect(Value.Check(imageReference(''), text)).toBe(false);
});

test('a tagged reference is only valid with a tag', () => {
  expect(Value.Check(taggedReference(''), 'ghcr.io/acme/engine')).toBe(false);
  expect(Value.Check(taggedReference(''), 'ghcr.io/acme/engine:stable')).toBe(true);
  expect(Value.Check(taggedReference(''), 'registry:5000')).toBe(true); // The image `registry` with a tag, as docker reads it.
});
