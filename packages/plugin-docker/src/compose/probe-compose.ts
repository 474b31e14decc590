import type { Probe, ProbeContext } from 'relpipe/plugin';
import { openLogin } from '../cli/open-login.ts';
import { inspectImage } from '../cli/inspect-image.ts';
import { healthOf, labelOf, type Container } from '../container/inspect-containers.ts';
import type { ComposeConfig, Composed, ComposeState } from './compose-config.ts';
import { openCompose, type Compose } from './open-compose.ts';
import { imagesOf, servicesOf } from './services-of.ts';
import { wantedServices } from './wanted-services.ts';

/**
 * Whether the project is up as the file has it now, by the hash that compose writes on its containers, with the images that their names mean now, and
 * healthy by a check. Where that cannot be told it counts as not done: bringing it up twice is bringing it up once.
 */
export async function probeCompose(config: ComposeConfig, context: ProbeContext<ComposeState>): Promise<Probe<Composed>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  await using login = await openLogin(config.logins);
  const compose = await openCompose(config, context, login.env);
  const hashes = await hashesOf(compose);
  const containers = await compose.containers();
  const services = servicesOf(containers);
  for (const service of await wantedServices(config, compose)) {
    const own = services.get(service) ?? [];
    if (own.length === 0) return { found: 'not-done' };
    for (const one of own) if (!(await isAsWanted(one, hashes.get(service), config, compose))) return { found: 'not-done' };
  }
  return { found: 'done', output: { images: imagesOf(containers), former: saved.former } };
}

async function isAsWanted(container: Container, hash: string | undefined, { completes = [] }: ComposeConfig, compose: Compose): Promise<boolean> {
  if (hash === undefined || labelOf(container, 'com.docker.compose.config-hash') !== hash) return false;
  if ((await inspectImage(container.Config.Image, compose.cli))?.id !== container.Image) return false;
  const { Status, ExitCode } = container.State;
  const isToEnd = completes.includes(labelOf(container, 'com.docker.compose.service') ?? '');
  return isToEnd ? Status === 'exited' && ExitCode === 0 : Status === 'running' && healthOf(container) === 'healthy';
}

async function hashesOf(compose: Compose): Promise<ReadonlyMap<string, string>> {
  const listed = await compose.run(['config', '--hash', '*']);
  return new Map(listed.split('\n').flatMap((line) => (/^(\S+) (\S+)$/.exec(line) ? [line.split(' ') as [string, string]] : [])));
}
