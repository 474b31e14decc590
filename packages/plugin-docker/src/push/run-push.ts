import { StepError, type RunContext } from 'relpipe/plugin';
import { parseReference, printReference, wantedOf } from '../reference/image-reference.ts';
import { hasBlob } from '../registry/blobs.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import type { Pushed, PushConfig, PushState } from './push-config.ts';
import { openSource, type PushSource } from './push-source.ts';

/** Pushes the image, unless the tag points at it already, and reads back what the tag points at. @throws {StepError} */
export async function runPush(config: PushConfig, context: RunContext<PushState>): Promise<Pushed> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const tag = wantedOf(reference);
  const source = await openSource(config, context);
  const before = await repository.read(tag);
  const isThere = before !== undefined && (await source.is(before, repository));
  const { saved } = context;
  if (saved && (saved.digest !== source.digest || saved.id !== source.id)) throw otherImage(config);
  const state = saved ?? { digest: source.digest, id: source.id, former: before?.digest ?? null, brought: await isNew(source, repository) };
  await context.saveState(state);
  if (isThere) context.log(`${config.image} is this image already`);
  else await source.pushTo(repository, tag);
  const after = await repository.read(tag);
  if (!after || !(await source.is(after, repository))) throw notThere(config, after?.digest);
  context.log(`${config.image} is ${after.digest}`);
  const image = printReference({ ...reference, tag: undefined, digest: after.digest });
  return { image, digest: after.digest, former: state.former, pushed: !isThere };
}

/** The engine's image has no digest yet, but no registry takes a manifest whose config it lacks: without the config the image is not there. */
async function isNew({ digest, id }: PushSource, repository: Repository): Promise<boolean> {
  if (digest === null && id !== null && (await hasBlob(repository, id))) return false;
  const named = digest ?? id;
  return named !== null && (await repository.read(named)) === undefined;
}

const otherImage = ({ source = 'The image in the engine' }: PushConfig) =>
  new StepError('DOCKER_SOURCE_CHANGED', `${source} is another image than in the attempt before.`, {
    hint: 'Check what has built it again meanwhile; then start a new run.',
  });

const notThere = ({ image }: PushConfig, now = 'nowhere') =>
  new StepError('DOCKER_DIGEST_CHANGED', `${image} is ${now} now, and not the image that was pushed.`, {
    hint: 'Check whether somebody else moves this tag.',
  });
