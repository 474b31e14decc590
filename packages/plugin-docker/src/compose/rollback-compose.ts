import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError, type RollbackContext } from 'relpipe/plugin';
import { inspectImage } from '../cli/inspect-image.ts';
import { openLogin } from '../cli/open-login.ts';
import { healthOf, type Container } from '../container/inspect-containers.ts';
import type { ComposeConfig, Composed, ComposeState } from './compose-config.ts';
import { openCompose, type Compose } from './open-compose.ts';
import { imagesOf, servicesOf } from './services-of.ts';
import { untilHealthy } from './until-healthy.ts';
import { knownServices } from './wanted-services.ts';

/**
 * Brings the former images back where they changed, and waits until they are healthy; services that are new are removed, a project that was new
 * is taken down. Volumes stay.
 * @throws {StepError} `DOCKER_FORMER_GONE`, `DOCKER_UNHEALTHY`
 */
export async function rollbackCompose(config: ComposeConfig, context: RollbackContext<ComposeState, Composed>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was touched.
  await using login = await openLogin(config.logins);
  const compose = await openCompose(config, context, login.env);
  if (Object.keys(saved.former).length === 0) {
    await compose.run(['down', '--remove-orphans']);
    return;
  }
  // What has run to its end, as a migration, is not run again.
  const former = Object.fromEntries(Object.entries(saved.former).filter(([service]) => !config.completes?.includes(service)));
  const services = servicesOf(await compose.containers());
  const known = new Set(await knownServices(compose));
  // Of a service that the file no longer names, compose knows no more than the image.
  const ours = Object.entries(former).filter(([service]) => known.has(service));
  const changed = ours.filter(([service, image]) => !isAsBefore(services.get(service) ?? [], image));
  for (const [service, image] of changed) if (!(await inspectImage(image, compose.cli))) throw formerGone(service, image);
  const fresh = [...services.keys()].filter((service) => saved.former[service] === undefined);
  const names = changed.map(([service]) => service);
  if (names.length > 0) await withFormer(Object.fromEntries(changed), (file) => compose.run(['up', '--detach', '--no-deps', ...names], { files: [file] }));
  if (fresh.length > 0) await compose.run(['rm', '--stop', '--force', ...fresh]);
  await untilHealthy(config, ours.map(([service]) => service), compose);
  await requireImages(former, compose);
}

/** Compose makes a container anew when its image is named by ID and was named by tag: a database that the release did not touch would go down. */
const isAsBefore = (containers: readonly Container[], image: string): boolean =>
  containers.length > 0 && containers.every((one) => one.Image === image && one.State.Status === 'running' && healthOf(one) !== 'unhealthy');

/** With a further compose file that names the former images. JSON is YAML. */
async function withFormer(former: ComposeState['former'], act: (file: string) => Promise<unknown>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-compose-'));
  try {
    const services = Object.fromEntries(Object.entries(former).map(([service, image]) => [service, { image }]));
    await writeFile(join(folder, 'former.json'), JSON.stringify({ services }));
    await act(join(folder, 'former.json'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireImages(former: ComposeState['former'], compose: Compose): Promise<void> {
  const now = imagesOf(await compose.containers());
  const [service, image] = Object.entries(former).find(([name, id]) => now[name] !== id) ?? [];
  if (service === undefined) return;
  throw new StepError('DOCKER_OTHER_IMAGE', `${service} runs ${now[service] ?? 'nothing'}, and not ${image ?? ''} as before.`, { hint: 'Check who else works on this project.' });
}

const formerGone = (service: string, image: string) =>
  new StepError('DOCKER_FORMER_GONE', `The engine has no ${image} any more, which ${service} ran.`, { hint: 'Pull or build that image again, then roll back once more.' });
