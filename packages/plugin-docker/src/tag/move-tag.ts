import { isStepError, StepError, type AutomaticRollbackContext } from 'relpipe/plugin';
import type { Manifest } from '../image/manifest.ts';
import type { Repository } from '../registry/repository.ts';
import type { TagChange } from './tag-change.ts';

/**
 * Points a tag at a manifest and reads it back.
 * @throws {StepError} `DOCKER_DIGEST_CHANGED` when the registry did not keep the bytes, or somebody else moved the tag meanwhile
 */
export async function moveTag(repository: Repository, tag: string, manifest: Manifest): Promise<void> {
  await repository.write(tag, manifest);
  const after = await repository.read(tag);
  if (after?.digest === manifest.digest) return;
  const message = `${repository.name}:${tag} points at ${after?.digest ?? 'nothing'} after it was written; expected ${manifest.digest}.`;
  throw new StepError('DOCKER_DIGEST_CHANGED', message, { hint: 'Find out whether something else moves this tag.' });
}

/** Describes the rollback. `previous`: the manifest that the tag points at now. */
export function previewTagRollback(previous: Manifest | 'unknown' | undefined): string {
  if (previous === 'unknown') return 'moves the tag back to its previous digest; deletes a new tag';
  return previous ? `moves the tag back to ${previous.digest}` : 'deletes the new tag, if the registry can do that';
}

/** A change that was made: its digest is known. */
type MadeChange = TagChange & { readonly digest: string };

/**
 * Moves the tag back to its previous digest, or deletes it when it was new. A tag that somebody else has moved since is left alone, unless
 * a person has decided otherwise. Calling it twice has the same effect as once.
 * @throws {StepError} `DOCKER_TAG_MOVED`, `DOCKER_PREVIOUS_IMAGE_MISSING`, `DOCKER_TAG_NOT_DELETED`
 */
export async function rollBackTag(
  repository: Repository,
  tag: string,
  change: MadeChange,
  { overwrite, log }: Pick<AutomaticRollbackContext<unknown, unknown>, 'overwrite' | 'log'>,
): Promise<void> {
  const now = (await repository.read(tag))?.digest ?? null;
  if (now === change.previous) return;
  if (now !== change.digest) {
    if (!overwrite) throw movedByOthers(repository, tag, now, change);
    log(`${repository.name}:${tag} pointed at ${now ?? 'nothing'}, where somebody else had moved it`);
  }
  if (change.previous !== null) return restoreTag(repository, tag, change.previous);
  // The image of somebody else is never deleted with the tag.
  await deleteTag(repository, tag, now === null || now === change.digest ? change : { ...change, digest: now, isNewImage: false });
}

async function restoreTag(repository: Repository, tag: string, digest: string): Promise<void> {
  const previous = await repository.read(digest);
  if (previous) return moveTag(repository, tag, previous);
  const message = `${repository.name} no longer has ${digest}, the previous image of the tag ${tag}.`;
  throw new StepError('DOCKER_PREVIOUS_IMAGE_MISSING', message, { hint: `Push that image again, then tag it ${tag}.` });
}

async function deleteTag(repository: Repository, tag: string, change: MadeChange): Promise<void> {
  try {
    await repository.delete(tag);
  } catch (error) {
    if (!isStepError(error) || error.retryable) throw error;
    await deleteImage(repository, tag, change, error);
  }
  if (await repository.read(tag)) throw notDeleted(repository, tag, change);
}

/**
 * For registries that cannot delete a single tag: deletes an image by its digest if this run has added it, and no other tag points at it.
 * An image that existed before is never deleted.
 */
async function deleteImage(repository: Repository, tag: string, change: MadeChange, refused: StepError): Promise<void> {
  if (!change.isNewImage || (await hasOtherTag(repository, tag, change.digest))) throw notDeleted(repository, tag, change, refused);
  try {
    await repository.delete(change.digest);
  } catch (error) {
    if (!isStepError(error) || error.retryable) throw error;
    throw notDeleted(repository, tag, change, error);
  }
}

async function hasOtherTag(repository: Repository, tag: string, digest: string): Promise<boolean> {
  for (const other of await repository.tags()) {
    if (other !== tag && (await repository.read(other))?.digest === digest) return true;
  }
  return false;
}

function notDeleted(repository: Repository, tag: string, { digest }: MadeChange, cause?: Error): StepError {
  const image = `${repository.name}:${tag}`;
  const why = cause?.message ?? 'The registry confirmed the deletion, but the tag still exists.';
  return new StepError('DOCKER_TAG_NOT_DELETED', `The new tag ${image} could not be deleted: ${why}`, {
    hint: `Delete the tag ${image} in the registry's own interface, but not the digest it points at (${digest}): other tags may need it.`,
    cause,
  });
}

function movedByOthers(repository: Repository, tag: string, now: string | null, { digest, previous }: MadeChange): StepError {
  const image = `${repository.name}:${tag}`;
  return new StepError('DOCKER_TAG_MOVED', `${image} points at ${now ?? 'nothing'} now; this run had moved it to ${digest}.`, {
    hint: `Find out who moved it. To roll back by hand, ${previous === null ? 'delete the tag' : `point it at ${previous}`}.`,
    changedByOthers: true,
  });
}
