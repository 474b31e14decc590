import { docker } from '../cli/docker.ts';
import type { Built } from './build-config.ts';
import { commonFlags, type Builder, type BuildOrder } from './builder.ts';
import { intoLayout } from './into-layout.ts';
import { logLines } from '../cli/log-lines.ts';

/** By BuildKit, written as a layout: https://docs.docker.com/build/exporters/oci-docker/. Its builder has to be one that can, e.g. a container. */
export const buildWithBuildx: Builder = { presence: ['docker', 'buildx', 'version'], build };

async function build(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  const cli = { context, engine: config.engine, env };
  const platform = config.platforms ? ['--platform', config.platforms.join(',')] : [];
  return intoLayout(order, async (layout) => {
    const output = ['--output', `type=oci,tar=false,dest=${layout}`];
    logLines(await docker(['buildx', 'build', '--progress', 'plain', ...commonFlags(order), ...platform, ...output, folder], cli), context);
  });
}
