import { StepError, Type, type Static } from 'relpipe/plugin';
import { docker, type Cli } from '../cli/docker.ts';
import { inspect } from '../cli/inspect.ts';
import { orNull, texts } from '../cli/docker-json.ts';
import { findContainers, nameOf } from '../container/inspect-containers.ts';

const volume = Type.Object({
  Driver: Type.String(),
  Labels: orNull(texts),
  Options: orNull(texts),
});

/** How a volume was made: enough to make it again. */
export const volumeKind = Type.Object({ driver: Type.String(), labels: texts, options: texts });
export type VolumeKind = Static<typeof volumeKind>;

/** Undefined where there is none of the name. @throws {StepError} */
export async function findVolume(name: string, cli: Cli): Promise<VolumeKind | undefined> {
  const [found] = await inspect('volume', [name], volume, cli);
  return found && { driver: found.Driver, labels: found.Labels ?? {}, options: found.Options ?? {} };
}

export async function createVolume(name: string, { driver, labels, options }: VolumeKind, cli: Cli): Promise<void> {
  const pairs = (flag: string, values: Readonly<Record<string, string>>) => Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  await docker(['volume', 'create', '--driver', driver, ...pairs('--label', labels), ...pairs('--opt', options), name], cli);
}

/** One that is not there is removed. @throws {StepError} */
export async function removeVolume(name: string, cli: Cli): Promise<void> {
  await docker(['volume', 'rm', '--force', name], cli);
}

/** Names of the containers that have the volume, also of those that have ended. @throws {StepError} */
export async function usersOf(volume: string, cli: Cli): Promise<readonly string[]> {
  return (await findContainers([`volume=${volume}`], cli)).map(nameOf);
}

export const volumeMissing = (name: string) =>
  new StepError('DOCKER_VOLUME_MISSING', `There is no volume ${name}.`, { hint: 'See `docker volume ls`; compose puts the name of the project in front.' });
