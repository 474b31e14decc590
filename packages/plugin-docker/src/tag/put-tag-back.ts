import { isStepError, StepError } from 'relpipe/plugin';
import type { Repository } from '../registry/repository.ts';
import { listTags } from '../registry/tags.ts';
import { moveTag } from './move-tag.ts';
import type { TagChange } from './tag-change.ts';

/** A change whose digest is known: it was made. */
export type MadeChange = TagChange & { readonly digest: string };

/**
 * Puts the tag back on its former digest, or deletes it when it was new. A tag that somebody else has moved since is left alone. Twice is once.
 * @throws {StepError} `DOCKER_TAG_MOVED`, `DOCKER_FORMER_GONE`, `DOCKER_TAG_STAYS`
 */
export async function putTagBack(repository: Repository, tag: string, change: MadeChange): Promise<void> {
  const now = (await repository.read(tag))?.digest ?? null;
  if (now === change.former) return;
  if (now !== change.digest) throw moved(repository, tag, now, change);
  if (change.former === null) await removeTag(repository, tag, change);
  else await putBack(repository, tag, change.former);
}

async function putBack(repository: Repository, tag: string, digest: string): Promise<void> {
  const former = await repository.read(digest);
  if (former) return moveTag(repository, tag, former);
  throw new StepError('DOCKER_FORMER_GONE', `${digest}, which ${tag} pointed at, is no longer in ${repository.name}.`, {
    hint: `Push that image again, then tag it ${tag}.`,
  });
}

async function removeTag(repository: Repository, tag: string, change: MadeChange): Promise<void> {
  try {
    await repository.delete(tag);
  } catch (error) {
    if (!isStepError(error) || error.retryable) throw error;
    await removeImage(repository, tag, change, error);
  }
  if (await repository.read(tag)) throw tagStays(repository, tag, change);
}

/**
 * For registries that delete no single tags: deletes by digest what this run has brought, where no other tag points at it.
 * What was there before is never deleted.
 */
async function removeImage(repository: Repository, tag: string, change: MadeChange, refused: StepError): Promise<void> {
  if (!change.brought || (await isTaggedOtherwise(repository, tag, change.digest))) throw tagStays(repository, tag, change, refused);
  try {
    await repository.delete(change.digest);
  } catch (error) {
    if (!isStepError(error) || error.retryable) throw error;
    throw tagStays(repository, tag, change, error);
  }
}

async function isTaggedOtherwise(repository: Repository, tag: string, digest: string): Promise<boolean> {
  for (const other of await listTags(repository)) {
    if (other !== tag && (await repository.read(other))?.digest === digest) return true;
  }
  return false;
}

function tagStays(repository: Repository, tag: string, { digest }: MadeChange, cause?: Error): StepError {
  const image = `${repository.name}:${tag}`;
  const why = cause?.message ?? 'The registry said it was deleted, but it is still there.';
  return new StepError('DOCKER_TAG_STAYS', `${image} was new and could not be deleted: ${why}`, {
    hint: `Delete the tag ${image} in the registry's own interface, and not the digest it points at (${digest}): other tags may need that.`,
    cause,
  });
}

const moved = (repository: Repository, tag: string, now: string | null, change: MadeChange) =>
  new StepError(
    'DOCKER_TAG_MOVED',
    `${repository.name}:${tag} points at ${now ?? 'nothing'} now, and not at ${change.digest}, as this run left it.`,
    { hint: `Find out who moved it. To undo this run by hand, point it at ${change.former ?? 'nothing, that is, delete the tag'}.` },
  );
