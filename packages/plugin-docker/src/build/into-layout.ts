import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { openLayout } from '../image/layout.ts';
import { missingPlatforms, readImage } from '../image/read-image.ts';
import { parseReference } from '../image/reference.ts';
import type { BuildConfig, Built } from './build.ts';

/**
 * Has an OCI layout written beside its final place, and moves it there when it is complete: an interrupted build leaves the previous layout
 * as it was.
 * @throws {StepError} `DOCKER_PLATFORM_MISSING`, `DOCKER_LAYOUT_UNREADABLE`
 */
export async function intoLayout(
  { tag, platforms: wanted = [] }: BuildConfig,
  { workdir }: ReadContext,
  write: (folder: string) => Promise<void>,
): Promise<Built> {
  const place = resolve(workdir, layoutFolder(tag));
  await mkdir(dirname(place), { recursive: true });
  const fresh = await mkdtemp(`${place}.new-`);
  try {
    await write(join(fresh, 'layout'));
    const layout = await openLayout(join(fresh, 'layout'));
    const images = await readImage(layout.manifest, layout);
    const platforms = images.map(({ platform }) => platform);
    const missing = missingPlatforms(wanted, platforms);
    if (missing.length > 0) throw notBuilt(missing);
    await rm(place, { recursive: true, force: true });
    await rename(join(fresh, 'layout'), place);
    const source = `oci:${relative(workdir, place)}`;
    return { source, image: tag, digest: layout.manifest.digest, platforms, labels: { ...images[0]?.labels } };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The folder of an image's layout, from the folder of the pipeline file. */
function layoutFolder(tagged: string): string {
  const { host, repository, tag = 'latest' } = parseReference(tagged);
  return join('.relpipe', 'images', `${host}/${repository}/${tag}`.replace(/[^a-zA-Z0-9._-]/g, '-'));
}

const notBuilt = (platforms: readonly string[]) =>
  new StepError('DOCKER_PLATFORM_MISSING', `The builder produced no image for ${platforms.join(', ')}.`, {
    hint: 'See its output in the log of the step.',
  });
