import { StepError, Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { commandFailed } from '../cli/command-failed.ts';
import { docker, tryDocker, type Cli } from '../cli/docker.ts';
import { findContainers, nameOf } from '../container/inspect-containers.ts';
import { parseJson } from '../registry/parse-json.ts';

const texts = Type.Record(Type.String(), Type.String());
const volume = Type.Object({
  Driver: Type.String(),
  Labels: Type.Union([texts, Type.Null()]),
  Options: Type.Union([texts, Type.Null()]),
});

/** How a volume was made: enough to make it again. */
export const volumeKind = Type.Object({ driver: Type.String(), labels: texts, options: texts });
export type VolumeKind = Static<typeof volumeKind>;

/** Undefined where there is none of the name. @throws {StepError} */
export async function findVolume(name: string, cli: Cli): Promise<VolumeKind | undefined> {
  const args = ['volume', 'inspect', name];
  const result = await tryDocker(args, cli);
  if (result.code !== 0 && /no such volume/i.test(result.stderr)) return undefined;
  const found = parseJson(Buffer.from(result.stdout));
  if (result.code !== 0 || !Value.Check(Type.Array(volume), found) || !found[0]) throw commandFailed(['docker', ...args], result);
  const [{ Driver, Labels, Options }] = found as [Static<typeof volume>];
  return { driver: Driver, labels: Labels ?? {}, options: Options ?? {} };
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
