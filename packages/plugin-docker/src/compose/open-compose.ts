import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StepError, type ExecOptions, type ReadContext } from 'relpipe/plugin';
import { commandFailed } from '../cli/command-failed.ts';
import type { Cli } from '../cli/docker.ts';
import { execIfThere } from '../cli/exec-if-there.ts';
import { logLines } from '../cli/log-lines.ts';
import { findContainers, type Container } from '../container/inspect-containers.ts';
import type { ComposeConfig } from './compose-config.ts';

/** A compose project on its engine. */
export interface Compose {
  readonly cli: Cli;
  /** What the command says. @throws {StepError} */
  run(args: readonly string[], more?: { readonly files?: readonly string[] }): Promise<string>;
  containers(): Promise<readonly Container[]>;
}

/** `docker compose` (v2) where it is installed, else docker-compose 1.x. @throws {StepError} `DOCKER_COMPOSE_MISSING`, `DOCKER_FILE_MISSING` */
export async function openCompose(config: ComposeConfig, context: ReadContext, login: NonNullable<ExecOptions['env']>): Promise<Compose> {
  const program = await findProgram(config, context);
  const files = filesOf(config, context);
  const env = { ...config.env, ...config.secrets, ...login };
  const cli: Cli = { context, engine: config.engine, env };
  return {
    cli,
    async run(args, { files: more = [] } = {}) {
      const argv = [...program, '--project-name', config.project, ...[...files, ...more].flatMap((file) => ['--file', file]), ...args];
      const result = await context.exec(argv, { env });
      logLines(result.code === 0 ? result.stderr : `${result.stdout}\n${result.stderr}`, context);
      if (result.code !== 0) throw commandFailed([program[0] ?? '', ...args], result);
      return result.stdout;
    },
    containers: () => findContainers([`label=com.docker.compose.project=${config.project}`, 'label=com.docker.compose.oneoff=False'], cli),
  };
}

async function findProgram({ engine }: ComposeConfig, context: ReadContext): Promise<readonly string[]> {
  const chosen = engine === undefined ? [] : ['--context', engine];
  if ((await execIfThere(['docker', 'compose', 'version'], context))?.code === 0) return ['docker', ...chosen, 'compose'];
  if ((await execIfThere(['docker-compose', 'version'], context))?.code === 0) return ['docker-compose', ...chosen];
  throw new StepError('DOCKER_COMPOSE_MISSING', 'There is neither `docker compose` nor docker-compose on this machine.', { hint: 'Install one of them.' });
}

function filesOf({ files }: ComposeConfig, { workdir }: ReadContext): readonly string[] {
  const isThere = (file: string): boolean => existsSync(resolve(workdir, file));
  const named = files ?? defaults.filter(isThere).slice(0, 1).flatMap((file) => [file, ...overridesOf(file).filter(isThere).slice(0, 1)]);
  const lacking = named.find((file) => !isThere(file));
  if (named.length > 0 && lacking === undefined) return named.map((file) => resolve(workdir, file));
  throw new StepError('DOCKER_FILE_MISSING', lacking === undefined ? `There is no compose file in ${workdir}.` : `There is no ${lacking}.`, { hint: 'Name it in `files`.' });
}

/** In the order in which compose takes them. */
const defaults = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const overridesOf = (file: string): readonly string[] => ['yml', 'yaml'].map((ending) => file.replace(/\.ya?ml$/, `.override.${ending}`));
