import { givenServer, needing } from '@relpipe/testing/real-servers';
import { buildWheel, uploadWithTwine } from '@relpipe/testing/samples/wheel';
import { scratchFolder, sha256Of } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';

const needed = needing('pypiserver', 'twine', 'build');

test('pypiserver lists a wheel that twine uploaded, with its digest', needed, async () => {
  using folder = scratchFolder();
  const pypiserver = givenServer('pypiserver');
  const version = `1.0.${Date.now()}`;
  const wheel = await buildWheel(folder.path, 'relpipe-probe', version);

  await uploadWithTwine(pypiserver, wheel);

  const page = await (await fetch(`${pypiserver.settings['simple']}relpipe-probe/`)).text();
  expect(page).toContain(`relpipe_probe-${version}-py3-none-any.whl#sha256=${sha256Of(wheel)}`);
});

test('pypiserver refuses a wrong password', needed, async () => {
  using folder = scratchFolder();
  const { settings } = givenServer('pypiserver');
  const wheel = await buildWheel(folder.path, 'relpipe-probe', `1.0.${Date.now()}`);
  await expect(uploadWithTwine({ settings: { ...settings, password: 'wrong' } }, wheel)).rejects.toThrow('403');
});
