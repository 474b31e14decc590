import { StepError } from 'relpipe/plugin';
import type { Cli } from '../cli/docker.ts';
import { fillVolume } from '../volume/fill-volume.ts';
import { contentsOf } from '../volume/read-volume.ts';
import { createVolume, findVolume, removeVolume, usersOf } from '../volume/volumes.ts';
import type { Target } from './restore-config.ts';

/** Makes the volume again with what is in the archive; one that holds that already is left alone. @throws {StepError} `DOCKER_VOLUME_IN_USE`, `DOCKER_RESTORE_DIFFERS` */
export async function replaceVolume({ volume, file, contents, kind }: Target, key: string, cli: Cli): Promise<void> {
  const present = await findVolume(volume, cli);
  if (present && (await contentsOf(volume, key, cli)).sha256 === contents) return;
  await refuseUsed(volume, cli);
  await removeVolume(volume, cli);
  await createVolume(volume, present ?? kind, cli);
  await fillVolume(volume, file, contents, key, cli);
  cli.context.log(`${volume}: restored from ${file}, and the same as when it was backed up`);
}

/** A volume can only be emptied by making it again, and what runs must not have its files changed under it. */
export async function refuseUsed(volume: string, cli: Cli): Promise<void> {
  const users = await usersOf(volume, cli);
  if (users.length === 0) return;
  throw new StepError('DOCKER_VOLUME_IN_USE', `${volume} belongs to ${users.join(', ')}.`, {
    hint: 'Remove these containers first, e.g. with `docker compose down`: volumes stay.',
  });
}
