import { docker, type Cli } from '../cli/docker.ts';
import { nameOf, type Container } from '../container/inspect-containers.ts';
import type { Started } from './run-config.ts';

/** The container and where its ports are reached. */
export async function reportStarted(container: Container, cli: Cli): Promise<Started> {
  const host = await engineHost(cli);
  const ports = Object.entries(container.NetworkSettings.Ports ?? {}).flatMap(([inside, places]) => {
    const [place] = places ?? [];
    if (!place) return [];
    const at = ['0.0.0.0', '::', ''].includes(place.HostIp) ? host : place.HostIp.includes(':') ? `[${place.HostIp}]` : place.HostIp;
    return [[inside.replace(/\/tcp$/, ''), `${at}:${place.HostPort}`]];
  });
  return { container: container.Id, name: nameOf(container), ports: Object.fromEntries(ports) as Started['ports'] };
}

/** Where the engine is: this machine, unless it is reached by tcp or ssh. */
async function engineHost(cli: Cli): Promise<string> {
  const said = await docker(['context', 'inspect', ...(cli.engine === undefined ? [] : [cli.engine]), '--format', '{{.Endpoints.docker.Host}}'], cli);
  const url = /^(tcp|https?|ssh):/.test(said) && URL.canParse(said) ? new URL(said.replace(/^(tcp|ssh):/, 'http:')) : undefined;
  return url?.hostname ?? '127.0.0.1';
}
