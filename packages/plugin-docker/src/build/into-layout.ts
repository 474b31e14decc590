import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { openLayout } from '../layout/open-layout.ts';
import { lackingPlatforms } from '../registry/lacking-platforms.ts';
import { readImage } from '../registry/read-image.ts';
import type { Built } from './build-config.ts';
import type { BuildOrder } from './builder.ts';
import { layoutFolder } from './layout-folder.ts';

/** Has an OCI layout written beside its place, and puts it there when it is whole: a build that died leaves the former one as it was. */
export async function intoLayout({ config, context }: BuildOrder, write: (folder: string) => Promise<unknown>): Promise<Built> {
  const place = resolve(context.workdir, layoutFolder(config.tag));
  await mkdir(dirname(place), { recursive: true });
  const fresh = await mkdtemp(`${place}.new-`);
  try {
    await write(join(fresh, 'layout'));
    const layout = await openLayout(join(fresh, 'layout'));
    const images = await readImage(layout.manifest, { readManifest: (digest) => layout.read(digest), readBlob: (digest) => layout.readBlob(digest) });
    const platforms = images.map(({ platform }) => platform);
    const lacking = lackingPlatforms(config.platforms ?? [], platforms);
    if (lacking.length > 0) throw notBuilt(lacking);
    await rm(place, { recursive: true, force: true });
    await rename(join(fresh, 'layout'), place);
    const source = `oci:${relative(context.workdir, place)}`;
    return { source, image: config.tag, digest: layout.manifest.digest, platforms, labels: { ...images[0]?.labels } };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

const notBuilt = (platforms: readonly string[]) =>
  new StepError('DOCKER_PLATFORM_MISSING', `The builder gave no image for ${platforms.join(', ')}.`, { hint: 'Check what it says in the log of the step.' });
