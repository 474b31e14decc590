import {
  isFullyKnown,
  plannedText,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { checkEngine, notChecked } from '../checks.ts';
import { openLogin } from '../credentials/open-login.ts';
import { healthOf, labelOf, type Container } from '../docker/containers.ts';
import { inspectImage } from '../docker/inspect-image.ts';
import type { ComposeConfig, Composed, ComposeSchema, ComposeState } from './compose.ts';
import { byService, imagesOf, openProject, serviceOf, type Project } from './project.ts';
import { waitUntilHealthy } from './wait-until-healthy.ts';

/** Whether compose is installed, its file is valid and has the services, and the engine answers. */
export async function verify(config: PlannedConfig<ComposeSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<ComposeSchema>(config)) return [notChecked];
  try {
    const project = await openProject(config, context, {});
    const known = await project.services();
    const unknown = [...(config.services ?? []), ...(config.completes ?? [])].filter((service) => !known.includes(service));
    return [...unknown.map((service) => unknownService(service, known)), ...(await checkEngine(project.cli))];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const unknownService = (service: string, known: readonly string[]): Finding => ({
  level: 'error',
  code: 'DOCKER_SERVICE_UNKNOWN',
  at: ['services'],
  message: `The compose file has no service ${service}.`,
  hint: `It has: ${known.join(', ')}.`,
});

/** Shows which images run now, if the plan knows the project. */
export async function preview(config: PlannedConfig<ComposeSchema>, context: ReadContext): Promise<Preview> {
  const common = {
    change: `bring the project ${plannedText(config.project)} up, and wait until it is healthy`,
    unknownUntilRun: unknownUntilRun(config),
  };
  if (!isFullyKnown<ComposeSchema>(config)) return { ...common, rollback: 'brings the previous images back' };
  const containers = await (await openProject(config, context, {})).containers();
  if (containers.length === 0) return { ...common, from: 'nothing', rollback: 'takes the project down; its volumes stay' };
  const from = [...new Set(containers.map((one) => one.Config.Image))].join(', ');
  return { ...common, from, rollback: 'brings the previous images back, and removes new services' };
}

/**
 * Whether the project is up with the present file, by the hash that compose writes on its containers, with the images that their names mean
 * now, and healthy by a check. In doubt the answer is no: bringing it up twice has the same effect as once.
 */
export async function probe(config: ComposeConfig, context: ProbeContext<ComposeState>): Promise<Probe<Composed>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  await using login = await openLogin(config.logins);
  const project = await openProject(config, context, login.env);
  const hashes = await hashesOf(project);
  const containers = await project.containers();
  const services = byService(containers);
  for (const service of config.services ?? (await project.services())) {
    const own = services.get(service) ?? [];
    if (own.length === 0) return { found: 'not-done' };
    for (const one of own) if (!(await isAsWanted(one, hashes.get(service), config, project))) return { found: 'not-done' };
  }
  return { found: 'done', output: { images: imagesOf(containers), previous: saved.previous } };
}

async function hashesOf(project: Project): Promise<ReadonlyMap<string, string>> {
  const listed = await project.run(['config', '--hash', '*']);
  return new Map(listed.split('\n').flatMap((line) => (/^(\S+) (\S+)$/.test(line) ? [line.split(' ') as [string, string]] : [])));
}

async function isAsWanted(
  container: Container,
  hash: string | undefined,
  { completes = [] }: ComposeConfig,
  { cli }: Project,
): Promise<boolean> {
  if (hash === undefined || labelOf(container, 'com.docker.compose.config-hash') !== hash) return false;
  if ((await inspectImage(container.Config.Image, cli))?.id !== container.Image) return false;
  const { Status, ExitCode } = container.State;
  const completed = completes.includes(serviceOf(container));
  return completed ? Status === 'exited' && ExitCode === 0 : Status === 'running' && healthOf(container) === 'healthy';
}

/** Brings the project up and waits until it is healthy. Saves first which images ran before. @throws {StepError} */
export async function run(config: ComposeConfig, context: RunContext<ComposeState>): Promise<Composed> {
  await using login = await openLogin(config.logins);
  const project = await openProject(config, context, login.env);
  const wanted = config.services ?? (await project.services());
  // A second attempt must not take what the first one started for the previous state.
  const state = context.saved ?? { previous: imagesOf(await project.containers()) };
  await context.saveState(state);
  const named = config.services ?? [];
  if (config.pull === true) await project.run(['pull', '--quiet', ...named]);
  await project.run(['up', '--detach', ...named]);
  const containers = await waitUntilHealthy(config, wanted, project);
  return { images: imagesOf(containers), previous: state.previous };
}
