import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError, type AutomaticRollbackContext } from 'relpipe/plugin';
import { openLogin } from '../credentials/open-login.ts';
import { healthOf, type Container } from '../docker/containers.ts';
import { inspectImage } from '../docker/inspect-image.ts';
import type { ComposeConfig, Composed, ComposeState } from './compose.ts';
import { byService, imagesOf, openProject, type Project } from './project.ts';
import { waitUntilHealthy } from './wait-until-healthy.ts';

type Images = ComposeState['previous'];

/**
 * Brings the previous images back where they changed, and waits until they are healthy; removes new services, and takes a new project down.
 * Volumes stay. Where somebody else has brought other images up since, nothing is changed, unless a person has decided otherwise.
 * @throws {StepError} `DOCKER_PROJECT_CHANGED`, `DOCKER_PREVIOUS_IMAGE_MISSING`, `DOCKER_UNHEALTHY`, `DOCKER_IMAGE_MISMATCH`
 */
export async function rollback(config: ComposeConfig, context: AutomaticRollbackContext<ComposeState, Composed>): Promise<void> {
  const { saved, output, overwrite } = context;
  if (!saved) return; // Nothing was changed.
  await using login = await openLogin(config.logins);
  const project = await openProject(config, context, login.env);
  const running = byService(await project.containers());
  if (output !== undefined && !overwrite) refuseChangeByOthers(running, output, config);
  if (Object.keys(saved.previous).length === 0) {
    await project.run(['down', '--remove-orphans']);
    return;
  }
  // A service that has completed, such as a migration, is not run again.
  const previous = Object.fromEntries(Object.entries(saved.previous).filter(([service]) => !config.completes?.includes(service)));
  const known = new Set(await project.services());
  // Of a service that the file no longer has, compose knows only the image.
  const own = Object.entries(previous).filter(([service]) => known.has(service));
  const changed = own.filter(([service, image]) => !isUnchanged(running.get(service) ?? [], image));
  for (const [service, image] of changed) if (!(await inspectImage(image, project.cli))) throw imageMissing(service, image);
  const added = [...running.keys()].filter((service) => saved.previous[service] === undefined);
  if (changed.length > 0) await startPrevious(Object.fromEntries(changed), project);
  if (added.length > 0) await project.run(['rm', '--stop', '--force', ...added]);
  await waitUntilHealthy(config, own.map(([service]) => service), project);
  await requireImages(previous, project);
}

/** Only a step that succeeded knows which images it brought up. */
function refuseChangeByOthers(running: ReadonlyMap<string, readonly Container[]>, { images, previous }: Composed, { project }: ComposeConfig): void {
  for (const [service, own] of Object.entries(images)) {
    const found = running.get(service)?.find(({ Image }) => Image !== own && Image !== previous[service]);
    if (found === undefined) continue;
    const message = `In ${project}, ${service} runs ${found.Image} now; this run had brought up ${own}.`;
    throw new StepError('DOCKER_PROJECT_CHANGED', message, { hint: 'Find out who else changes this project.', changedByOthers: true });
  }
}

/** Compose recreates a container whose image was named by tag and is now named by ID: an untouched database would go down. */
const isUnchanged = (containers: readonly Container[], image: string): boolean =>
  containers.length > 0 &&
  containers.every((one) => one.Image === image && one.State.Status === 'running' && healthOf(one) !== 'unhealthy');

/** With a further compose file that names the previous images. JSON is YAML. */
async function startPrevious(images: Images, project: Project): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'relpipe-compose-'));
  try {
    const file = join(folder, 'previous.json');
    const services = Object.fromEntries(Object.entries(images).map(([service, image]) => [service, { image }]));
    await writeFile(file, JSON.stringify({ services }));
    await project.run(['up', '--detach', '--no-deps', ...Object.keys(images)], { files: [file] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireImages(previous: Images, project: Project): Promise<void> {
  const now = imagesOf(await project.containers());
  const [service, image] = Object.entries(previous).find(([name, id]) => now[name] !== id) ?? [];
  if (service === undefined) return;
  const message = `After the rollback, ${service} runs ${now[service] ?? 'nothing'}, and not its previous image ${image ?? ''}.`;
  throw new StepError('DOCKER_IMAGE_MISMATCH', message, { hint: 'Find out what else changes this project.' });
}

const imageMissing = (service: string, image: string) =>
  new StepError('DOCKER_PREVIOUS_IMAGE_MISSING', `The engine no longer has ${image}, the previous image of ${service}.`, {
    hint: 'Pull or build that image again, then roll back once more.',
  });
