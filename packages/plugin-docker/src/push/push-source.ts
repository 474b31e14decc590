import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import type { Cli } from '../cli/docker.ts';
import { docker } from '../cli/docker.ts';
import { inspectImage } from '../cli/inspect-image.ts';
import { openLogin } from '../cli/open-login.ts';
import { copyImage } from '../copy/copy-image.ts';
import type { Copy } from '../copy/copy.ts';
import { layoutOrigin } from '../copy/image-origin.ts';
import { openLayout, type Layout } from '../layout/open-layout.ts';
import { parseReference, printReference } from '../reference/image-reference.ts';
import { imageSourceOf } from '../registry/image-source-of.ts';
import type { Manifest } from '../registry/manifest.ts';
import { readImage } from '../registry/read-image.ts';
import type { Repository } from '../registry/repository.ts';
import { moveTag } from '../tag/move-tag.ts';
import type { PushConfig } from './push-config.ts';

/** An image on this machine, and how it gets into a repository. */
export interface PushSource {
  /** Where it is known before the push. */
  readonly digest: string | null;
  /** The engine's. */
  readonly id: string | null;
  /** Whether a manifest of the repository is this image. */
  is(manifest: Manifest, repository: Repository): Promise<boolean>;
  /** Makes it what the tag points at. */
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
  if (!image) throw new StepError('DOCKER_SOURCE_MISSING', `The engine has no image ${wanted}.`, { hint: 'Build it first, on this engine.' });
  return fromEngine(image.id, name, config, cli);
}

/** The image that an earlier attempt meant, which the engine may not have any more. */
export const sourceOfId = (id: string, config: PushConfig, context: ReadContext): PushSource =>
  fromEngine(id, printReference(parseReference(config.image)), config, { context, engine: config.engine });

const fromLayout = (folder: string, layout: Layout, context: ReadContext): PushSource => ({
  digest: layout.manifest.digest,
  id: null,
  is: async ({ digest }) => digest === layout.manifest.digest,
  async pushTo(repository, tag) {
    const copy: Copy = { from: layoutOrigin(folder, layout), to: repository, context, uploaded: 0, referrers: 0 };
    await copyImage(layout.manifest, copy);
    await moveTag(repository, tag, layout.manifest);
  },
});

/** The engine knows no digest before it has pushed, but the registry's manifest names the config, which is the engine's ID. */
const fromEngine = (id: string, name: string, { logins }: PushConfig, cli: Cli): PushSource => ({
  digest: null,
  id,
  async is(manifest, repository) {
    if (manifest.digest === id) return true;
    const images = await readImage(manifest, imageSourceOf(repository));
    return images.length === 1 && images[0]?.config === id;
  },
  async pushTo() {
    await using login = await openLogin(logins);
    const loggedIn = { ...cli, env: login.env };
    await docker(['tag', id, name], loggedIn);
    await docker(['push', '--quiet', name], loggedIn);
  },
});
