import { createHash } from 'node:crypto';
import { Type, type Static } from 'relpipe/plugin';
import { orNull, stringMap } from '../schemas.ts';
import { docker, inspect, type Cli } from './docker.ts';

/** The fields of `docker container inspect` that are used. */
const container = Type.Object({
  Id: Type.String(),
  Name: Type.String(),
  Image: Type.String(),
  State: Type.Object({
    Status: Type.String(),
    ExitCode: Type.Integer(),
    Health: Type.Optional(orNull(Type.Object({ Status: Type.String() }))),
  }),
  Config: Type.Object({ Image: Type.String(), Labels: orNull(stringMap()) }),
  NetworkSettings: Type.Object({
    Ports: Type.Optional(
      orNull(Type.Record(Type.String(), orNull(Type.Array(Type.Object({ HostIp: Type.String(), HostPort: Type.String() }))))),
    ),
  }),
});
export type Container = Static<typeof container>;

/** All containers that match these filters of `docker container ls`, also those that have exited. @throws {StepError} */
export async function findContainers(filters: readonly string[], cli: Cli): Promise<readonly Container[]> {
  const ids = await listContainers(filters, cli);
  // One may be removed between the two commands.
  return ids.length === 0 ? [] : inspect('container', ids, container, cli);
}

/** Their IDs. @throws {StepError} */
export async function listContainers(filters: readonly string[], cli: Cli): Promise<readonly string[]> {
  const listed = await docker(['container', 'ls', '--all', '--quiet', '--no-trunc', ...filters.flatMap((one) => ['--filter', one])], cli);
  return listed.split('\n').filter((id) => id !== '');
}

/** The label of everything this plugin starts; its value identifies the step of the run, and is the same for every attempt. */
export const idLabel = 'dev.relpipe.step';

/** Short enough for names of containers, volumes and files. */
export const shortKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12);

/** `none` when there is no health check. */
export const healthOf = ({ State }: Container): string => State.Health?.Status ?? 'none';
export const labelOf = ({ Config }: Container, name: string): string | undefined => Config.Labels?.[name];
export const nameOf = ({ Name }: Container): string => Name.replace(/^\//, '');

/** `host:port` of each published port, by the port inside the container. */
export async function publishedPorts({ NetworkSettings }: Container, cli: Cli): Promise<Readonly<Record<string, string>>> {
  const host = await engineHost(cli);
  const ports = Object.entries(NetworkSettings.Ports ?? {}).flatMap(([inside, addresses]) => {
    const [address] = addresses ?? [];
    if (!address) return [];
    const { HostIp, HostPort } = address;
    const at = ['0.0.0.0', '::', ''].includes(HostIp) ? host : HostIp.includes(':') ? `[${HostIp}]` : HostIp;
    return [[inside.replace(/\/tcp$/, ''), `${at}:${HostPort}`] as const];
  });
  return Object.fromEntries(ports);
}

/** The host of the engine: this machine, unless it is reached by tcp or ssh. */
async function engineHost(cli: Cli): Promise<string> {
  const format = ['--format', '{{.Endpoints.docker.Host}}'];
  const endpoint = await docker(['context', 'inspect', ...(cli.engine === undefined ? [] : [cli.engine]), ...format], cli);
  const isRemote = /^(tcp|https?|ssh):/.test(endpoint) && URL.canParse(endpoint);
  return isRemote ? new URL(endpoint.replace(/^(tcp|ssh):/, 'http:')).hostname : '127.0.0.1';
}
