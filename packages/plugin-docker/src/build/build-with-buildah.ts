import { StepError } from 'relpipe/plugin';
import { commandFailed } from '../cli/command-failed.ts';
import { shortKey } from '../container/own-label.ts';
import type { Built } from './build-config.ts';
import { commonFlags, type Builder, type BuildOrder } from './builder.ts';
import { intoLayout } from './into-layout.ts';
import { logLines } from '../cli/log-lines.ts';

/** By buildah, without an engine: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md. */
export const buildWithBuildah: Builder = { presence: ['buildah', '--version'], build };

async function build(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  if (config.engine !== undefined) throw noEngine;
  const buildah = async (...args: readonly string[]): Promise<string> => {
    const result = await context.exec(['buildah', ...args], { env });
    logLines(result.code === 0 ? result.stdout : `${result.stdout}\n${result.stderr}`, context);
    if (result.code !== 0) throw commandFailed(['buildah', ...args], result);
    return result.stdout;
  };
  // A list takes images in; one that is left of an earlier attempt would have them twice.
  const list = `localhost/relpipe-${shortKey(`${folder} ${config.tag}`)}`;
  await context.exec(['buildah', 'manifest', 'rm', list], { env });
  const platform = config.platforms ? ['--platform', config.platforms.join(',')] : [];
  // Without its cache (`--layers`): buildah 1.28 takes layers of one platform for those of another there.
  await buildah('build', ...commonFlags(order), ...platform, '--manifest', list, folder);
  try {
    return await intoLayout(order, (layout) => buildah('manifest', 'push', '--quiet', '--all', list, `oci:${layout}`));
  } finally {
    await context.exec(['buildah', 'manifest', 'rm', list], { env });
  }
}

const noEngine = new StepError('DOCKER_BUILDER_UNFIT', 'buildah builds without an engine.', { hint: 'Leave `engine` out, or take another `builder`.' });
