import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findingFrom, isLater, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { checkEngine } from '../cli/check-engine.ts';
import { notSettled } from '../not-settled.ts';
import type { buildConfig } from './build-config.ts';
import { chooseBuilder } from './choose-builder.ts';

/** Whether the Dockerfile is there, and a builder that can build it. */
export async function verifyBuild(config: PlannedConfig<typeof buildConfig>, context: ReadContext): Promise<readonly Finding[]> {
  const unknown = isFullyKnown(config) ? [] : [notSettled];
  return [...(await checkFile(config, context)), ...(await checkBuilder(config, context)), ...unknown];
}

async function checkFile({ context: folder = '.', file = 'Dockerfile' }: PlannedConfig<typeof buildConfig>, { workdir }: ReadContext): Promise<readonly Finding[]> {
  if (isLater(folder) || isLater(file)) return [];
  const path = resolve(workdir, folder, file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return [];
  return [{ level: 'error', code: 'DOCKER_FILE_MISSING', at: ['file'], message: `There is no ${path}.`, hint: 'Check `context` and `file`.' }];
}

async function checkBuilder(config: PlannedConfig<typeof buildConfig>, context: ReadContext): Promise<readonly Finding[]> {
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
