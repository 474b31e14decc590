import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { givenServer, needing, programOf } from '@relpipe/testing/real-servers';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { uploadWithTwine } from '@relpipe/testing/samples/wheel';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { waitUntil } from '@relpipe/testing/wait-until';
import { describe, expect, test } from 'vitest';
import { pathWithTools, removedAfterwards } from '../support/real-tools.ts';
import { readmePipeline, sampleProject } from '../support/sample-project.ts';

/** pip and twine configured for the server, as a user does it. */
function configured(server: string): Record<string, string> {
  const { upload = '', simple = '', user = '', password = '' } = givenServer(server).settings;
  return { PATH: pathWithTools(), PIP_INDEX_URL: simple, TWINE_REPOSITORY_URL: upload, TWINE_USERNAME: user, TWINE_PASSWORD: password };
}

/** The names of the files that the server lists. */
async function listed(server: string, project: string): Promise<readonly string[]> {
  const page = await (await fetch(`${givenServer(server).settings['simple']}${project}/`, { headers: { accept: 'text/html' } })).text();
  return [...page.matchAll(/>\s*([^<>\s]+\.(?:whl|tar\.gz))\s*</g)].map(([, name]) => name ?? '').sort();
}

/** The build requirements of the project are installed beside the tools. */
const offline = { 'metadata: {': 'isolation: false\n          metadata: {' };
const limit = { timeout: 180_000 };

describe.each(['pypiserver', 'devpi'])('on %s', (server) => {
  test('the pipelines of the README publish a version and withdraw it again', { ...needing(server, 'twine', 'build'), ...limit }, async () => {
    using folder = scratchFolder();
    using later = scratchFolder();
    const { project, module } = sampleProject(folder.path);
    removedAfterwards(server, project, '1.4.0');
    const files = [`${module}-1.4.0-py3-none-any.whl`, `${module}-1.4.0.tar.gz`];
    const release = relpipeIn(folder.path, { 'release.pipeline.yaml': readmePipeline(0, { 'demo-pkg': project, ...offline }) }, configured(server));
    const released = await release('run', '--input', 'version=1.4.0');
    expect(released, released.all).toMatchObject({ exitCode: 0 });
    expect(await listed(server, project)).toEqual(files);

    const withdraw = relpipeIn(later.path, { 'release.pipeline.yaml': readmePipeline(1, { 'demo-pkg': project }) }, configured(server));
    const input = ['--input', 'version=1.4.0', '--input', 'reason=leaks'];
    const withdrawn = await withdraw('run', ...input);
    expect(withdrawn, withdrawn.all).toMatchObject({ exitCode: 0 });
    expect(await listed(server, project)).toEqual([]);
  });
});

describe.each(['pypiserver', 'devpi'])('on %s', (server) => {
  test('a rollback in the file removes the published files, and keeps those of an earlier run', { ...needing(server, 'twine', 'build'), ...limit }, async () => {
    using folder = scratchFolder();
    const { project, module } = sampleProject(folder.path);
    removedAfterwards(server, project, '1.4.0');
    const pipeline = withRollback({ 'scripts: { demo-pkg: [] }': 'scripts: { not-there: [] }', ...offline }).replaceAll('demo-pkg', project);
    const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline }, configured(server));
    const run = await relpipe('run', '--input', 'version=1.4.0');
    expect(run, run.all).toMatchObject({ exitCode: 3 });
    expect(run.all).toContain('PYPI_SCRIPT_NOT_FOUND');
    expect(await listed(server, project)).toEqual([]);

    for (const name of readdirSync(join(folder.path, 'dist'))) await uploadWithTwine(givenServer(server), join(folder.path, 'dist', name));
    const again = await relpipe('run', '--input', 'version=1.4.0');
    expect(again, again.all).toMatchObject({ exitCode: 3 });
    expect(await listed(server, project)).toEqual([`${module}-1.4.0-py3-none-any.whl`, `${module}-1.4.0.tar.gz`]);
  });
});

/** The first pipeline with the lines that the README shows for a rollback. */
function withRollback(instead: Readonly<Record<string, string>>): string {
  const [lines = ''] = /^ {8}rollback:\n(?: {10}.*\n)+/m.exec(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')) ?? [];
  const [published = ''] = / +- id: publish\n[^]*?outputs\.files }}"\n/.exec(readmePipeline(0, {})) ?? [];
  return readmePipeline(0, { [published]: published + lines, ...instead });
}

/** Stands in front of the real twine: it records each upload, and sleeps before the second one. */
function turnstile(folder: string): { readonly bin: string; readonly calls: string; readonly isWaiting: string } {
  const bin = join(folder, 'bin');
  const [calls, isWaiting] = [join(folder, 'calls'), join(folder, 'is-waiting')];
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'twine'),
    `#!/bin/sh
[ "$1" = --version ] && exec ${programOf('twine')} "$@"
if [ -e ${calls} ] && [ ! -e ${isWaiting} ]; then touch ${isWaiting}; exec sleep 300; fi
for file; do :; done
echo "$(basename "$file")" >> ${calls}
exec ${programOf('twine')} "$@"
`,
  );
  chmodSync(join(bin, 'twine'), 0o755);
  return { bin, calls, isWaiting };
}

test('a run that was killed after the first file uploads only the other file when it is resumed', { ...needing('pypiserver', 'twine', 'build'), ...limit }, async () => {
  using folder = scratchFolder();
  using outside = scratchFolder();
  const { project, module } = sampleProject(folder.path);
  removedAfterwards('pypiserver', project, '1.4.0');
  const [wheel, sdist] = [`${module}-1.4.0-py3-none-any.whl`, `${module}-1.4.0.tar.gz`];
  const { bin, calls, isWaiting } = turnstile(outside.path);
  const environment = configured('pypiserver');
  const env = { ...environment, PATH: `${bin}${delimiter}${environment['PATH'] ?? ''}` };
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': readmePipeline(0, { 'demo-pkg': project, ...offline }) }, env);

  const killed = relpipe('run', '--input', 'version=1.4.0');
  await Promise.race([waitUntil(async () => existsSync(isWaiting)), killed]);
  expect(await listed('pypiserver', project)).toEqual([wheel]);
  killed.child.kill('SIGKILL');
  await killed;

  const resumed = await relpipe('resume');
  expect(resumed, resumed.all).toMatchObject({ exitCode: 0 });
  expect(await listed('pypiserver', project)).toEqual([wheel, sdist]);
  expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual([wheel, sdist]);
});
