import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isLater, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { checkEngine, notChecked } from '../checks.ts';
import { openLogin } from '../credentials/open-login.ts';
import { succeeds } from '../docker/command.ts';
import type { BuildConfig, BuildSchema, Built } from './build.ts';
import { builders, type Builder, type BuilderName } from './builders.ts';

/** Whether the Dockerfile exists, and a builder that can build it. */
export async function verify(config: PlannedConfig<BuildSchema>, context: ReadContext): Promise<readonly Finding[]> {
  const unknown = isFullyKnown(config) ? [] : [notChecked];
  return [...(await checkFile(config, context)), ...(await checkBuilder(config, context)), ...unknown];
}

async function checkFile(config: PlannedConfig<BuildSchema>, { workdir }: ReadContext): Promise<readonly Finding[]> {
  const { context: folder = '.', file = 'Dockerfile' } = config;
  if (isLater(folder) || isLater(file)) return [];
  const path = resolve(workdir, folder, file);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return [];
  const message = `There is no file ${path}.`;
  return [{ level: 'error', code: 'DOCKER_FILE_MISSING', at: ['file'], message, hint: 'Check `context` and `file`.' }];
}

async function checkBuilder(config: PlannedConfig<BuildSchema>, context: ReadContext): Promise<readonly Finding[]> {
  const { builder, platforms, engine } = config;
  if (isLater(platforms) || isLater(builder) || isLater(engine)) return [];
  try {
    const names = platforms?.map((one) => (isLater(one) ? 'known-later' : one));
    const { name } = await chooseBuilder({ ...(builder !== undefined && { builder }), ...(names && { platforms: names }) }, context);
    return name === 'docker' ? await checkEngine({ context, engine }) : [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

/** Builds the image. A second attempt builds again; unchanged parts come from the builder's cache. @throws {StepError} */
export async function run(config: BuildConfig, context: ReadContext): Promise<Built> {
  const { builder } = await chooseBuilder(config, context);
  await using login = await openLogin(config.logins);
  const folder = resolve(context.workdir, config.context ?? '.');
  const env = { ...config.args, ...login.env };
  const built = await builder.build({ config, folder, file: resolve(folder, config.file ?? 'Dockerfile'), context, env });
  context.log(`${built.digest} for ${built.platforms.join(', ')}`);
  return built;
}

/**
 * The builder that the step names, or the first one that is installed and can build for this number of platforms.
 * @throws {StepError} `DOCKER_BUILDER_MISSING`, `DOCKER_BUILDER_UNSUITABLE`
 */
async function chooseBuilder(
  { builder, platforms = [] }: Pick<BuildConfig, 'builder' | 'platforms'>,
  context: ReadContext,
): Promise<{ readonly name: BuilderName; readonly builder: Builder }> {
  if (builder === 'docker' && platforms.length > 1) {
    throw new StepError('DOCKER_BUILDER_UNSUITABLE', '`builder: docker` builds for one platform only.', {
      hint: 'Use `builder: buildx` or `builder: buildah`.',
    });
  }
  const candidates: readonly BuilderName[] = builder ? [builder] : platforms.length > 1 ? ['buildx', 'buildah'] : ['docker'];
  for (const name of candidates) if (await succeeds(builders[name].presence, context)) return { name, builder: builders[name] };
  throw notInstalled(candidates);
}

function notInstalled(candidates: readonly BuilderName[]): StepError {
  const [isOne, names] = [candidates.length === 1, candidates.join(' nor ')];
  const message = isOne ? `${names} is not installed on this machine.` : `Neither ${names} is installed on this machine.`;
  const hint = isOne ? 'Install it, or use another `builder`.' : 'Install one of them: a build for several platforms needs it.';
  return new StepError('DOCKER_BUILDER_MISSING', message, { hint });
}
