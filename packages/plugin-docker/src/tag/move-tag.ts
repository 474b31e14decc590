import { StepError } from 'relpipe/plugin';
import type { Manifest } from '../registry/manifest.ts';
import type { Repository } from '../registry/repository.ts';

/**
 * Points a tag at a manifest and reads it back.
 * @throws {StepError} `DOCKER_DIGEST_CHANGED` when the registry did not keep the bytes, or somebody else moved the tag meanwhile
 */
export async function moveTag(repository: Repository, tag: string, manifest: Manifest): Promise<void> {
  await repository.write(tag, manifest);
  const after = await repository.read(tag);
  if (after?.digest === manifest.digest) return;
  throw new StepError(
    'DOCKER_DIGEST_CHANGED',
    `${tag} is ${after?.digest ?? 'nowhere'} now, expected ${manifest.digest}.`,
    { hint: 'Check whether somebody else moves this tag.' },
  );
}
