import { isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { checkPasswords, notChecked } from '../checks.ts';
import { digestLike } from '../image/manifest.ts';
import { missingPlatforms, readImage, type PlatformImage } from '../image/read-image.ts';
import { parseReference, printDigest, wantedOf } from '../image/reference.ts';
import { hasBlob, imageSource } from '../registry/blobs.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import type { Verified, VerifyConfig, VerifySchema } from './verify.ts';

/** Whether the registry answers. An earlier step may still push the image. */
export async function verify(config: PlannedConfig<VerifySchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<VerifySchema>(config)) return [notChecked];
  try {
    const reference = parseReference(config.image);
    await openRepository(reference, config, context).read(wantedOf(reference));
    return checkPasswords(config, 'image');
  } catch (error) {
    return [findingFrom(error)];
  }
}

/**
 * Reads an image as its users will: whether every byte of it can be pulled, its platforms and its labels.
 * @throws {StepError} `DOCKER_IMAGE_MISSING`, `DOCKER_IMAGE_INCOMPLETE`, `DOCKER_DIGEST_MISMATCH`, `DOCKER_PLATFORM_MISSING`,
 * `DOCKER_LABEL_MISMATCH`
 */
export async function run(config: VerifyConfig, context: ReadContext): Promise<Verified> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const manifest = await repository.read(wantedOf(reference));
  if (!manifest) throw missing(config.image);
  const { digest } = manifest;
  if (config.digest !== undefined && digestLike(manifest.bytes, config.digest) !== config.digest) throw digestMismatch(config, digest);
  const images = await readImage(manifest, imageSource(repository));
  requirePlatforms(config, images);
  requireLabels(config, images);
  const [first] = images;
  if (!first) throw incomplete(`${config.image} is an index without images.`);
  const size = await requireBlobs(config, images, repository);
  const platforms = images.map(({ platform }) => platform);
  context.log(`${digest}: ${platforms.join(', ')}, ${size} bytes, all present`);
  return { image: printDigest(reference, digest), digest, platforms, labels: first.labels, size };
}

/** Retryable, because a name may become visible later: a mirror lags after its registry. */
const missing = (image: string) =>
  new StepError('DOCKER_IMAGE_MISSING', `There is no image ${image}.`, {
    hint: 'Push it, or log in with an account that may read it.',
    retryable: true,
  });

const digestMismatch = ({ image, digest = '' }: VerifyConfig, now: string) =>
  new StepError('DOCKER_DIGEST_MISMATCH', `${image} points at ${now}, expected ${digest}.`, {
    hint: 'Find out who has moved the tag, or whether the push went to another place.',
  });

function requirePlatforms({ image, platforms = [] }: VerifyConfig, images: readonly PlatformImage[]): void {
  const existing = images.map(({ platform }) => platform);
  const lacking = missingPlatforms(platforms, existing);
  if (lacking.length === 0) return;
  throw new StepError('DOCKER_PLATFORM_MISSING', `${image} has no image for ${lacking.join(', ')}, only for ${existing.join(', ')}.`, {
    hint: 'Build it for these platforms, and push the index.',
  });
}

function requireLabels({ image, labels = {} }: VerifyConfig, images: readonly PlatformImage[]): void {
  for (const { platform, labels: own } of images) {
    for (const [name, wanted] of Object.entries(labels)) {
      if (own[name] === wanted) continue;
      const found = own[name] === undefined ? 'is not set' : `is "${own[name]}"`;
      throw new StepError('DOCKER_LABEL_MISMATCH', `${image} (${platform}): the label ${name} ${found}, expected "${wanted}".`, {
        hint: 'Check whether this is the image that was built.',
      });
    }
  }
}

/** The size of all blobs. */
async function requireBlobs({ image }: VerifyConfig, images: readonly PlatformImage[], repository: Repository): Promise<number> {
  const blobs = new Map(images.flatMap((one) => one.blobs).map((blob) => [blob.digest, blob]));
  let size = 0;
  for (const blob of blobs.values()) {
    const exists = await hasBlob(repository, blob.digest);
    if (!exists) throw incomplete(`${image} cannot be pulled: the registry has no ${blob.digest}.`);
    size += blob.size;
  }
  return size;
}

const incomplete = (message: string) => new StepError('DOCKER_IMAGE_INCOMPLETE', message, { hint: 'Push the image again.' });
