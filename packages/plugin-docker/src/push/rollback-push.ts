import type { RollbackContext } from 'relpipe/plugin';
import { parseReference, wantedOf } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import { putTagBack } from '../tag/put-tag-back.ts';
import type { Pushed, PushConfig, PushState } from './push-config.ts';
import { sourceOfId } from './push-source.ts';

/** Puts the tag back where it was; layers stay until the registry collects them. @throws {StepError} see `putTagBack` */
export async function rollbackPush(config: PushConfig, context: RollbackContext<PushState, Pushed>): Promise<void> {
  const { saved, output } = context;
  if (!saved) return; // Nothing was touched.
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const tag = wantedOf(reference);
  const own = saved.digest ?? output?.digest ?? (await ownDigest(saved, tag, repository, config, context));
  await putTagBack(repository, tag, { ...saved, digest: own });
}

/** Of a push that died before it could tell its digest: what the tag points at, when that is the image. */
async function ownDigest(
  { id, former }: PushState,
  tag: string,
  repository: Repository,
  config: PushConfig,
  context: RollbackContext<PushState, Pushed>,
): Promise<string> {
  const now = await repository.read(tag);
  const isOwn = now !== undefined && now.digest !== former && id !== null && (await sourceOfId(id, config, context).is(now, repository));
  return isOwn ? now.digest : 'what was pushed';
}
