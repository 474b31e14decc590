import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { StepError } from 'relpipe/plugin';
import { writeToDocker } from '../cli/docker-stream.ts';
import type { Cli } from '../cli/docker.ts';
import { differenceOf, type Contents } from './contents.ts';
import { contentsOf } from './read-volume.ts';
import { withVolume } from './with-volume.ts';

/**
 * Fills an empty volume from a `tar.gz` and reads back what is in it then.
 * @throws {StepError} `DOCKER_RESTORE_DIFFERS` when that is something else than `expected`
 */
export async function fillVolume(volume: string, file: string, expected: Contents | string, key: string, cli: Cli): Promise<Contents> {
  await withVolume(volume, 'write', key, cli, (container) => {
    const source = createReadStream(file);
    const tar = source.on('error', (error) => tar.destroy(error)).pipe(createGunzip());
    // From above, so that the volume's own folder gets its mode and owner back, too.
    return writeToDocker(['container', 'cp', '--archive', '-', `${container}:/`], cli, tar);
  });
  const found = await contentsOf(volume, key, cli);
  const isSame = found.sha256 === (typeof expected === 'string' ? expected : expected.sha256);
  if (isSame) return found;
  const where = typeof expected === 'string' ? '' : `: ${differenceOf(expected, found) ?? ''}`;
  throw new StepError('DOCKER_RESTORE_DIFFERS', `What ${file} brings back is not what was in the volume${where}.`, {
    hint: 'Do not rely on this backup; look whether the disk is full, and take another one.',
  });
}
