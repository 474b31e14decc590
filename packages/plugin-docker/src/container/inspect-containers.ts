import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { commandFailed } from '../cli/command-failed.ts';
import { docker, tryDocker, type Cli } from '../cli/docker.ts';
import { parseJson } from '../registry/parse-json.ts';

const orNull = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()]);

/** What `docker container inspect` says, as far as it is used. */
const container = Type.Object({
  Id: Type.String(),
  Name: Type.String(),
  Image: Type.String(),
  State: Type.Object({
    Status: Type.String(),
    ExitCode: Type.Integer(),
    Health: Type.Optional(orNull(Type.Object({ Status: Type.String() }))),
  }),
  Config: Type.Object({ Image: Type.String(), Labels: orNull(Type.Record(Type.String(), Type.String())) }),
  NetworkSettings: Type.Object({
    Ports: Type.Optional(
      orNull(Type.Record(Type.String(), orNull(Type.Array(Type.Object({ HostIp: Type.String(), HostPort: Type.String() }))))),
    ),
  }),
  Mounts: Type.Array(Type.Object({ Type: Type.String(), Name: Type.Optional(Type.String()) })),
});
export type Container = Static<typeof container>;

const containers = Type.Array(container);

/** All containers that `docker container ls` finds by these filters, also those that have ended. @throws {StepError} */
export async function findContainers(filters: readonly string[], cli: Cli): Promise<readonly Container[]> {
  const listed = await docker(['container', 'ls', '--all', '--quiet', '--no-trunc', ...filters.flatMap((one) => ['--filter', one])], cli);
  const ids = listed.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return [];
  const args = ['container', 'inspect', ...ids];
  const result = await tryDocker(args, cli);
  const found = parseJson(Buffer.from(result.stdout));
  // One that has gone between the two questions makes the command fail; the others are told all the same.
  if (!Value.Check(containers, found) || (result.code !== 0 && !/no such container/i.test(result.stderr))) throw commandFailed(['docker', ...args], result);
  return found;
}

/** `none` where the image and whoever started it have no health check. */
export const healthOf = ({ State }: Container): string => State.Health?.Status ?? 'none';
export const labelOf = ({ Config }: Container, name: string): string | undefined => Config.Labels?.[name];
export const nameOf = ({ Name }: Container): string => Name.replace(/^\//, '');
