import { StepError, Type, type Static } from 'relpipe/plugin';
import { findContainers, nameOf } from '../docker/containers.ts';
import { docker, inspect, type Cli } from '../docker/docker.ts';
import { orNull, stringMap } from '../schemas.ts';

/** How a volume was created: enough to create it again. */
export const volumeKind = Type.Object({ driver: Type.String(), labels: stringMap(), options: stringMap() });
export type VolumeKind = Static<typeof volumeKind>;

const inspected = Type.Object({ Driver: Type.String(), Labels: orNull(stringMap()), Options: orNull(stringMap()) });

/** Undefined when there is no volume of this name. @throws {StepError} */
export async function findVolume(name: string, cli: Cli): Promise<VolumeKind | undefined> {
  const [found] = await inspect('volume', [name], inspected, cli);
  return found && { driver: found.Driver, labels: found.Labels ?? {}, options: found.Options ?? {} };
}

export async function createVolume(name: string, { driver, labels, options }: VolumeKind, cli: Cli): Promise<void> {
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  await docker(['volume', 'create', '--driver', driver, ...pairs('--label', labels), ...pairs('--opt', options), name], cli);
}

/** Does nothing when there is none. @throws {StepError} */
export async function removeVolume(name: string, cli: Cli): Promise<void> {
  await docker(['volume', 'rm', '--force', name], cli);
}

/** Names of the containers that have the volume, also of those that have exited. @throws {StepError} */
export const usersOf = async (volume: string, cli: Cli): Promise<readonly string[]> =>
  (await findContainers([`volume=${volume}`], cli)).map(nameOf);

/** Names of the containers that may write to the volume now. @throws {StepError} */
export const runningUsersOf = async (volume: string, cli: Cli): Promise<readonly string[]> =>
  (await findContainers([`volume=${volume}`, 'status=running'], cli)).map(nameOf);

export const volumeMissing = (name: string) =>
  new StepError('DOCKER_VOLUME_MISSING', `There is no volume ${name}.`, {
    hint: 'List the volumes with `docker volume ls`; compose puts the name of the project in front.',
  });
