import { isStepError, StepError, type UndoContext } from 'relpipe/plugin';
import type { Repository } from '../registry/repository.ts';
import { moveTag } from './move-tag.ts';
import { openRepository } from './open-repository.ts';
import type { Promoted, PromoteConfig, Promotion } from './promote-config.ts';

/**
 * Puts the tag back on its former digest, or deletes it when it was new. A tag that somebody else has moved since is left alone.
 * @throws {StepError} `DOCKER_TAG_MOVED`, `DOCKER_FORMER_GONE`, `DOCKER_TAG_STAYS`
 */
export async function rollbackPromote(config: PromoteConfig, context: UndoContext<Promotion, Promoted>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was touched.
  const repository = openRepository(config, context);
  const now = (await repository.read(config.to))?.digest ?? null;
  if (now === saved.former) return;
  if (now !== saved.digest) throw moved(config, now, saved);
  if (saved.former === null) await removeTag(config, repository, saved.digest);
  else await putBack(config, repository, saved.former);
}

async function putBack(config: PromoteConfig, repository: Repository, digest: string): Promise<void> {
  const former = await repository.read(digest);
  if (former) return moveTag(repository, config.to, former);
  throw new StepError(
    'DOCKER_FORMER_GONE',
    `${digest}, which ${config.to} pointed at, is no longer in ${config.repository}.`,
    { hint: `Push that image again, then tag it ${config.to}.` },
  );
}

async function removeTag(config: PromoteConfig, repository: Repository, digest: string): Promise<void> {
  try {
    await repository.deleteTag(config.to);
  } catch (error) {
    if (!isStepError(error) || error.retryable) throw error;
    throw tagStays(config, digest, error);
  }
  if (await repository.read(config.to)) throw tagStays(config, digest);
}

function tagStays({ repository, to }: PromoteConfig, digest: string, cause?: Error): StepError {
  const image = `${repository}:${to}`;
  const why = cause?.message ?? 'The registry said it was deleted, but it is still there.';
  return new StepError('DOCKER_TAG_STAYS', `${image} was new and could not be deleted: ${why}`, {
    hint: `Delete the tag ${image} in the registry's own interface, and not the digest it points at (${digest}): other tags may need that.`,
    cause,
  });
}

const moved = ({ repository, to }: PromoteConfig, now: string | null, saved: Promotion) =>
  new StepError(
    'DOCKER_TAG_MOVED',
    `${repository}:${to} points at ${now ?? 'nothing'} now, and not at ${saved.digest}, as this run left it.`,
    { hint: `Find out who moved it. To undo this run by hand, point it at ${saved.former ?? 'nothing, that is, delete the tag'}.` },
  );
