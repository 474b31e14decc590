import { Type, type Static } from 'relpipe/plugin';
import { docker, type Cli } from '../cli/docker.ts';
import { inspect } from '../cli/inspect.ts';
import { orNull, texts } from '../cli/docker-json.ts';

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
  Config: Type.Object({ Image: Type.String(), Labels: orNull(texts) }),
  NetworkSettings: Type.Object({
    Ports: Type.Optional(
      orNull(Type.Record(Type.String(), orNull(Type.Array(Type.Object({ HostIp: Type.String(), HostPort: Type.String() }))))),
    ),
  }),
  Mounts: Type.Array(Type.Object({ Type: Type.String(), Name: Type.Optional(Type.String()) })),
});
export type Container = Static<typeof container>;

/** All containers that `docker container ls` finds by these filters, also those that have ended. @throws {StepError} */
export async function findContainers(filters: readonly string[], cli: Cli): Promise<readonly Container[]> {
  const listed = await docker(['container', 'ls', '--all', '--quiet', '--no-trunc', ...filters.flatMap((one) => ['--filter', one])], cli);
  const ids = listed.split('\n').filter((id) => id !== '');
  // One may go between the two questions.
  return ids.length === 0 ? [] : inspect('container', ids, container, cli);
}

/** `none` where the image and whoever started it have no health check. */
export const healthOf = ({ State }: Container): string => State.Health?.Status ?? 'none';
export const labelOf = ({ Config }: Container, name: string): string | undefined => Config.Labels?.[name];
export const nameOf = ({ Name }: Container): string => Name.replace(/^\//, '');
