import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalName } from '../../src/names/release.ts';
import { canonicalVersion, compareVersions, isStable, parseVersion } from '../../src/names/versions.ts';
import { indexToRead } from '../../src/settings/index-to-read.ts';
import { versions } from '../support/versions.ts';

const needed = needing('twine');
const python = (script: string, input: unknown, env: NodeJS.ProcessEnv = process.env): unknown =>
  JSON.parse(execFileSync(join(dirname(programOf('twine')), 'python'), ['-c', script], { input: JSON.stringify(input), env, encoding: 'utf8', maxBuffer: 2 ** 26 }));

test('versions are parsed, spelled and ordered as Python\'s `packaging` does it', needed, () => {
  const pairs = fc.sample(fc.tuple(versions, versions), 2000);
  const theirs = python(
    `import json, sys
from packaging.version import Version
from packaging.utils import canonicalize_version
def compare(a, b):
    x, y = Version(a), Version(b)
    return [canonicalize_version(a), (x > y) - (x < y), not x.is_prerelease]
json.dump([compare(a, b) for a, b in json.load(sys.stdin)], sys.stdout)`,
    pairs,
  );
  const ours = pairs.map(([a, b]) => [canonicalVersion(a), Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!)), isStable(parseVersion(a)!)]);
  expect(ours).toEqual(theirs);
});

test('a text is a valid version exactly when it is one for Python\'s `packaging`', needed, () => {
  const texts = fc.sample(fc.oneof(fc.string({ unit: fc.constantFrom(...'0123456789.-_+!vabrcdepost'.split('')) }), versions), 2000);
  const theirs = python(
    `import json, sys
from packaging.version import InvalidVersion, Version
def isOne(text):
    try: return bool(Version(text))
    except InvalidVersion: return False
json.dump([isOne(t) for t in json.load(sys.stdin)], sys.stdout)`,
    texts,
  );
  expect(texts.map((text) => parseVersion(text) !== undefined)).toEqual(theirs);
});

test('names are normalized as Python\'s `packaging` does it', needed, () => {
  const names = fc.sample(fc.string({ unit: fc.constantFrom(...'abC1-_.'.split('')), minLength: 1 }), 500);
  const theirs = python('import json, sys; from packaging.utils import canonicalize_name as c; json.dump([c(n) for n in json.load(sys.stdin)], sys.stdout)', names);
  expect(names.map(normalName)).toEqual(theirs);
});

describe('the index of pip', () => {
  const conf = (host: string, section = 'global') => `[${section}]\nindex-url = http://${host}.invalid/simple/\n`;

  test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['in its variable', { '.config/pip/pip.conf': conf('user') }, { PIP_INDEX_URL: 'http://variable.invalid/simple/' }],
    ["in the user's file", { '.config/pip/pip.conf': conf('user'), '.pip/pip.conf': conf('legacy') }, {}],
    ["in the user's old file", { '.pip/pip.conf': conf('legacy'), 'xdg/pip/pip.conf': conf('machine') }, {}],
    ["in the machine's file", { 'xdg/pip/pip.conf': conf('machine') }, { XDG_CONFIG_DIRS: 'xdg' }],
    ['in a named file', { 'own.conf': conf('own'), '.config/pip/pip.conf': conf('user') }, { PIP_CONFIG_FILE: 'own.conf' }],
    ['for installing', { '.config/pip/pip.conf': `${conf('user')}${conf('install', 'install')}` }, {}],
    ['in another spelling', { '.config/pip/pip.conf': '; mine\n[global]\nIndex-Url : http://other.invalid/simple/\n' }, {}],
    ['nowhere', {}, {}],
  ])('an index configured %s is the one that pip uses', needed, async (_, files, variables) => {
    using folder = scratchFolder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder.path, name)), { recursive: true });
      writeFileSync(join(folder.path, name), text);
    }
    const places = Object.entries(variables).map(([name, value]) => [name, value.includes('://') ? value : join(folder.path, value)] as const);
    const env = { PATH: process.env['PATH'], HOME: folder.path, ...Object.fromEntries(places) };
    const script = `import json
from pip._internal.commands import create_command
command = create_command('install')
options, _ = command.parse_args([])
json.dump(options.index_url, __import__('sys').stdout)`;
    expect((await indexToRead(undefined, env)).url).toBe(String(python(script, null, env)).replace(/\/?$/, '/'));
  });
});
