import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { openLogin } from '../credentials/open-login.ts';
import { docker, type Cli } from '../docker/docker.ts';
import { inspectImage } from '../docker/inspect-image.ts';
import { copyImage, newCopy } from '../image/copy-image.ts';
import { layoutOrigin } from '../image/image-origin.ts';
import { openLayout, type Layout } from '../image/layout.ts';
import type { Manifest } from '../image/manifest.ts';
import { readImage } from '../image/read-image.ts';
import { parseReference, printReference } from '../image/reference.ts';
import { imageSource } from '../registry/blobs.ts';
import type { Repository } from '../registry/repository.ts';
import { moveTag } from '../tag/move-tag.ts';
import type { PushConfig } from './push.ts';

/** An image on this machine, and how it gets into a repository. */
export interface PushSource {
  /** Null when it is only known after the push. */
  readonly digest: string | null;
  /** The engine's ID; null for an image from the disk. */
  readonly id: string | null;
  /** Whether a manifest of the repository is this image. */
  is(manifest: Manifest, repository: Repository): Promise<boolean>;
  /** Uploads the image and points the tag at it. */
  pushTo(repository: Repository, tag: string): Promise<void>;
}

/** @throws {StepError} `DOCKER_SOURCE_MISSING`, `DOCKER_LAYOUT_UNREADABLE` */
export async function openSource(config: PushConfig, context: ReadContext): Promise<PushSource> {
  const [, kind, place = ''] = /^([a-z-]+):(.+)$/.exec(config.source ?? '') ?? [];
  if (kind === 'oci') return fromLayout(place, await openLayout(resolve(context.workdir, place)), context);
  const name = printReference(parseReference(config.image));
  const wanted = kind === undefined ? name : place;
  const cli = { context, engine: config.engine };
  const image = await inspectImage(wanted, cli);
  if (image) return fromEngine(image.id, name, config, cli);
  throw new StepError('DOCKER_SOURCE_MISSING', `The engine has no image ${wanted}.`, { hint: 'Build it first, on this engine.' });
}

/** The image that an earlier attempt pushed; the engine may have removed it since. */
export const sourceOfId = (id: string, config: PushConfig, context: ReadContext): PushSource =>
  fromEngine(id, printReference(parseReference(config.image)), config, { context, engine: config.engine });

const fromLayout = (folder: string, layout: Layout, context: ReadContext): PushSource => ({
  digest: layout.manifest.digest,
  id: null,
  is: async ({ digest }) => digest === layout.manifest.digest,
  async pushTo(repository, tag) {
    await copyImage(layout.manifest, newCopy(layoutOrigin(folder, layout), repository, context));
    await moveTag(repository, tag, layout.manifest);
  },
});

/** The engine knows no digest before it has pushed, but the registry's manifest names the config, whose digest is the engine's ID. */
const fromEngine = (id: string, name: string, { logins }: PushConfig, cli: Cli): PushSource => ({
  digest: null,
  id,
  async is(manifest, repository) {
    if (manifest.digest === id) return true;
    const images = await readImage(manifest, imageSource(repository));
    return images.length === 1 && images[0]?.config === id;
  },
  async pushTo() {
    await using login = await openLogin(logins);
    const loggedIn = { ...cli, env: login.env };
    await docker(['tag', id, name], loggedIn);
    await docker(['push', '--quiet', name], loggedIn);
  },
});
