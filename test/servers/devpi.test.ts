import { expect, test } from 'vitest';
import { buildWheel } from '../support/build-wheel.ts';
import { containing } from '../support/containing.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { givenServer, needing } from '../support/servers.ts';
import { sha256Of } from '../support/sha256-of.ts';
import { uploadWithTwine } from '../support/upload-with-twine.ts';

test('devpi tells a wheel that twine uploaded in the JSON form of the Simple API', needing('devpi', 'twine', 'build'), async () => {
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
