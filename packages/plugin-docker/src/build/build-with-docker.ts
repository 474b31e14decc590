import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { docker } from '../cli/docker.ts';
import { inspectImage } from '../cli/inspect-image.ts';
import { parseReference, printReference } from '../reference/image-reference.ts';
import type { Built } from './build-config.ts';
import { commonFlags, type Builder, type BuildOrder } from './builder.ts';
import { logLines } from '../cli/log-lines.ts';

/** By the engine, into the engine. */
export const buildWithDocker: Builder = { presence: ['docker', '--version'], build };

async function build(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  const cli = { context, engine: config.engine, env };
  const image = printReference(parseReference(config.tag));
  const notes = await mkdtemp(join(tmpdir(), 'relpipe-build-'));
  try {
    const idFile = join(notes, 'id');
    const platform = config.platforms?.flatMap((one) => ['--platform', one]) ?? [];
    logLines(await docker(['build', ...commonFlags(order), ...platform, '--tag', image, '--iidfile', idFile, folder], cli), context);
    // By its ID: whoever gives the tag to another image in this moment does not change what was built.
    const id = (await readFile(idFile, 'utf8')).trim();
    const found = await inspectImage(id, cli);
    if (!found) throw new StepError('DOCKER_IMAGE_MISSING', `${id} was built and is not there.`, { hint: 'Check whether something prunes images meanwhile.', retryable: true });
    return { source: `docker-daemon:${id}`, image: config.tag, digest: id, platforms: [found.platform], labels: { ...found.labels } };
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
}
