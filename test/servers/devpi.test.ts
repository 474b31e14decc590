import { containing } from '@relpipe/testing/matchers';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { buildWheel, uploadWithTwine } from '@relpipe/testing/samples/wheel';
import { scratchFolder, sha256Of } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';

test('devpi lists a wheel that twine uploaded, in the JSON form of the Simple API', needing('devpi', 'twine', 'build'), async () => {
  using folder = scratchFolder();
  const devpi = givenServer('devpi');
  const version = `1.0.${Date.now()}`;
  const wheel = await buildWheel(folder.path, 'relpipe-probe', version);

  await uploadWithTwine(devpi, wheel);

  const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
  const page = await (await fetch(`${devpi.settings['simple']}relpipe-probe/`, { headers })).json();
  expect(page).toMatchObject({
    meta: { 'api-version': containing('1.') },
    files: expect.arrayContaining([
      expect.objectContaining({ filename: `relpipe_probe-${version}-py3-none-any.whl`, hashes: { sha256: sha256Of(wheel) } }),
    ]) as unknown,
  });
});
