import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StepError, type ExecOptions, type ReadContext } from 'relpipe/plugin';
import { commandFailed, logLines, succeeds } from '../docker/command.ts';
import { findContainers, labelOf, type Container } from '../docker/containers.ts';
import type { Cli } from '../docker/docker.ts';
import type { ComposeConfig } from './compose.ts';

/** A compose project on its engine. */
export interface Project {
  readonly cli: Cli;
  /** The standard output of a compose command. `files`: further compose files. @throws {StepError} */
  run(args: readonly string[], more?: { readonly files?: readonly string[] }): Promise<string>;
  /** All services of the compose file. @throws {StepError} when the file is invalid */
  services(): Promise<readonly string[]>;
  containers(): Promise<readonly Container[]>;
}

/**
 * By `docker compose` (v2) where it is installed, else docker-compose 1.x.
 * @throws {StepError} `DOCKER_COMPOSE_MISSING`, `DOCKER_FILE_MISSING`
 */
export async function openProject(config: ComposeConfig, context: ReadContext, login: NonNullable<ExecOptions['env']>): Promise<Project> {
  const program = await findProgram(config, context);
  const files = filesOf(config, context);
  const env = { ...config.env, ...config.secrets, ...login };
  const cli: Cli = { context, engine: config.engine, env };
  const run: Project['run'] = async (args, { files: more = [] } = {}) => {
    const argv = [...program, '--project-name', config.project, ...[...files, ...more].flatMap((file) => ['--file', file]), ...args];
    const result = await context.exec(argv, { env });
    logLines(result.code === 0 ? result.stderr : `${result.stdout}\n${result.stderr}`, context);
    if (result.code !== 0) throw commandFailed([program[0] ?? '', ...args], result);
    return result.stdout;
  };
  return {
    cli,
    run,
    services: async () => (await run(['config', '--services'])).split('\n').filter((name) => name !== ''),
    containers: () => findContainers([`label=com.docker.compose.project=${config.project}`, 'label=com.docker.compose.oneoff=False'], cli),
  };
}

async function findProgram({ engine }: ComposeConfig, context: ReadContext): Promise<readonly string[]> {
  const chosen = engine === undefined ? [] : ['--context', engine];
  if (await succeeds(['docker', 'compose', 'version'], context)) return ['docker', ...chosen, 'compose'];
  if (await succeeds(['docker-compose', 'version'], context)) return ['docker-compose', ...chosen];
  throw new StepError('DOCKER_COMPOSE_MISSING', 'Neither `docker compose` nor docker-compose is installed on this machine.', {
    hint: 'Install one of them.',
  });
}

function filesOf({ files }: ComposeConfig, { workdir }: ReadContext): readonly string[] {
  const exists = (file: string): boolean => existsSync(resolve(workdir, file));
  const named = files ?? defaults.filter(exists).slice(0, 1).flatMap((file) => [file, ...overridesOf(file).filter(exists).slice(0, 1)]);
  const lacking = named.find((file) => !exists(file));
  if (named.length > 0 && lacking === undefined) return named.map((file) => resolve(workdir, file));
  const message = lacking === undefined ? `There is no compose file in ${workdir}.` : `There is no file ${lacking} in ${workdir}.`;
  throw new StepError('DOCKER_FILE_MISSING', message, { hint: 'Name the compose file in `files`.' });
}

/** In the order in which compose looks for them. */
const defaults = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const overridesOf = (file: string): readonly string[] =>
  ['yml', 'yaml'].map((ending) => file.replace(/\.ya?ml$/, `.override.${ending}`));

export const serviceOf = (container: Container): string => labelOf(container, 'com.docker.compose.service') ?? '';

/** Containers by the name of their service. */
export const byService = (containers: readonly Container[]): ReadonlyMap<string, readonly Container[]> =>
  Map.groupBy(containers, serviceOf);

/** The image of each service; for one with several containers, of its first. */
export const imagesOf = (containers: readonly Container[]): Record<string, string> =>
  Object.fromEntries([...byService(containers)].flatMap(([service, [first]]) => (first ? [[service, first.Image]] : [])));
