import { StepError, type ReadContext } from 'relpipe/plugin';
import { parseReference, printReference, wantedOf } from '../reference/image-reference.ts';
import { hasBlob } from '../registry/blobs.ts';
import { imageSourceOf } from '../registry/image-source-of.ts';
import { lackingPlatforms } from '../registry/lacking-platforms.ts';
import { digestLike } from '../registry/manifest.ts';
import { openRepository } from '../registry/open-repository.ts';
import { readImage, type PlatformImage } from '../registry/read-image.ts';
import type { Repository } from '../registry/repository.ts';
import type { Verified, VerifyConfig } from './verify-config.ts';

/**
 * Looks at an image as its users will: whether every byte of it can be pulled, for which platforms, and what its labels say.
 * @throws {StepError} `DOCKER_IMAGE_MISSING`, `DOCKER_IMAGE_INCOMPLETE`, `DOCKER_OTHER_DIGEST`, `DOCKER_PLATFORM_MISSING`, `DOCKER_LABEL_DIFFERS`
 */
export async function runVerify(config: VerifyConfig, context: ReadContext): Promise<Verified> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const manifest = await repository.read(wantedOf(reference));
  if (!manifest) throw missing(config.image);
  if (config.digest !== undefined && digestLike(manifest.bytes, config.digest) !== config.digest) throw otherDigest(config, manifest.digest);
  const images = await readImage(manifest, imageSourceOf(repository));
  requirePlatforms(config, images);
  requireLabels(config, images);
  const [first] = images;
  if (!first) throw new StepError('DOCKER_IMAGE_INCOMPLETE', `${config.image} is an index of no images.`, { hint: 'Push the image again.' });
  const size = await requireBlobs(config, images, repository);
  context.log(`${manifest.digest}: ${images.map(({ platform }) => platform).join(', ')}, ${size} bytes, all there`);
  const image = printReference({ ...reference, tag: undefined, digest: manifest.digest });
  return { image, digest: manifest.digest, platforms: images.map(({ platform }) => platform), labels: first.labels, size };
}

function requirePlatforms({ image, platforms = [] }: VerifyConfig, images: readonly PlatformImage[]): void {
  const there = images.map(({ platform }) => platform);
  const lacking = lackingPlatforms(platforms, there);
  if (lacking.length === 0) return;
  throw new StepError('DOCKER_PLATFORM_MISSING', `${image} is not there for ${lacking.join(', ')}, only for ${there.join(', ')}.`, {
    hint: 'Build it for these platforms, and push the index.',
  });
}

function requireLabels({ image, labels = {} }: VerifyConfig, images: readonly PlatformImage[]): void {
  for (const { platform, labels: own } of images) {
    for (const [name, wanted] of Object.entries(labels)) {
      if (own[name] === wanted) continue;
      const said = own[name] === undefined ? 'is not set' : `is "${own[name]}"`;
      throw new StepError('DOCKER_LABEL_DIFFERS', `${image} (${platform}): the label ${name} ${said}, expected "${wanted}".`, {
        hint: 'Check whether this is the image that was built.',
      });
    }
  }
}

async function requireBlobs({ image }: VerifyConfig, images: readonly PlatformImage[], repository: Repository): Promise<number> {
  const blobs = new Map(images.flatMap((one) => one.blobs).map((blob) => [blob.digest, blob]));
  let size = 0;
  for (const blob of blobs.values()) {
    if (!(await hasBlob(repository, blob.digest))) {
      throw new StepError('DOCKER_IMAGE_INCOMPLETE', `${image} cannot be pulled: the registry has no ${blob.digest}.`, { hint: 'Push the image again.' });
    }
    size += blob.size;
  }
  return size;
}

/** A name that is not there yet may come: a registry in front of another one lags. */
const missing = (image: string) =>
  new StepError('DOCKER_IMAGE_MISSING', `There is no ${image}.`, { hint: 'Push it, or log in where it may be read.', retryable: true });

const otherDigest = ({ image, digest = '' }: VerifyConfig, now: string) =>
  new StepError('DOCKER_OTHER_DIGEST', `${image} is ${now}, expected ${digest}.`, { hint: 'Check who has moved the tag, or whether the push went elsewhere.' });
