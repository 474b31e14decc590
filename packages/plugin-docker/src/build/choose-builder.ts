import { StepError, type ReadContext } from 'relpipe/plugin';
import { execIfThere } from '../cli/exec-if-there.ts';
import { buildWithBuildah } from './build-with-buildah.ts';
import { buildWithBuildx } from './build-with-buildx.ts';
import { buildWithDocker } from './build-with-docker.ts';
import type { BuildConfig } from './build-config.ts';
import type { Builder } from './builder.ts';

const builders = { docker: buildWithDocker, buildx: buildWithBuildx, buildah: buildWithBuildah } as const;
type BuilderName = keyof typeof builders;

/** The builder the step names, or the first that is there and can build for so many platforms. @throws {StepError} `DOCKER_BUILDER_MISSING`, `DOCKER_BUILDER_UNFIT` */
export async function chooseBuilder(
  config: Pick<BuildConfig, 'builder' | 'platforms'>,
  context: ReadContext,
): Promise<{ readonly name: BuilderName; readonly builder: Builder }> {
  const { builder, platforms = [] } = config;
  if (builder === 'docker' && platforms.length > 1) {
    throw new StepError('DOCKER_BUILDER_UNFIT', 'The engine keeps an image of one platform under a name.', {
      hint: 'Take `builder: buildx` or `builder: buildah`.',
    });
  }
  const candidates: readonly BuilderName[] = builder ? [builder] : platforms.length > 1 ? ['buildx', 'buildah'] : ['docker'];
  for (const name of candidates) if ((await execIfThere(builders[name].presence, context))?.code === 0) return { name, builder: builders[name] };
  throw new StepError('DOCKER_BUILDER_MISSING', `There is no ${candidates.join(' and no ')} on this machine.`, {
    hint: candidates.length > 1 ? 'Install docker-buildx or buildah: several platforms need one of them.' : `Install ${candidates.join()}.`,
  });
}
