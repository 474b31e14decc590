import { StepError, Type } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { orNull, stringMap } from '../schemas.ts';
import { blobsOf, parseManifest, type Descriptor, type Manifest } from './manifest.ts';

/** A source of manifests and small blobs: a repository of a registry, or an OCI layout on the disk. */
export interface ImageSource {
  /** Undefined when it does not exist. */
  read(digest: string): Promise<Manifest | undefined>;
  readBlob(digest: string): Promise<Uint8Array | undefined>;
}

export interface PlatformImage {
  /** e.g. `linux/arm64/v8`. */
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly blobs: readonly Descriptor[];
  /** Digest of the config, which the docker engine calls the image ID. */
  readonly config: string;
}

/**
 * The image of each platform of an index, or the only one of a single manifest. Attestations are not images.
 * @throws {StepError} `DOCKER_IMAGE_INCOMPLETE`
 */
export async function readImage(manifest: Manifest, source: ImageSource): Promise<readonly PlatformImage[]> {
  const { manifests } = parseManifest(manifest);
  if (manifests === undefined) return [await readPlatform(manifest, source, undefined)];
  // An attestation is listed in an index as `unknown/unknown`.
  const images = manifests.filter((child) => child.platform?.os !== 'unknown');
  return Promise.all(
    images.map(async ({ digest, platform }) => {
      const found = await source.read(digest);
      if (!found) throw incomplete(manifest.digest, `the image ${digest}`);
      return readPlatform(found, source, platform);
    }),
  );
}

const imageConfig = Type.Object({
  os: Type.Optional(Type.String()),
  architecture: Type.Optional(Type.String()),
  variant: Type.Optional(Type.String()),
  config: Type.Optional(orNull(Type.Object({ Labels: Type.Optional(orNull(stringMap())) }))),
});

/** `listed`: the platform in the index, which wins over the one in the image's own config. */
async function readPlatform(manifest: Manifest, source: ImageSource, listed: Descriptor['platform']): Promise<PlatformImage> {
  const body = parseManifest(manifest);
  const bytes = body.config && (await source.readBlob(body.config.digest));
  if (!body.config || !bytes) throw incomplete(manifest.digest, 'its config');
  const json = parseJson(bytes);
  const config = Value.Check(imageConfig, json) ? json : {};
  const { os = 'unknown', architecture = 'unknown', variant } = listed ?? config;
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return { platform, labels: config.config?.Labels ?? {}, blobs: blobsOf(body), config: body.config.digest };
}

const incomplete = (digest: string, part: string) =>
  new StepError('DOCKER_IMAGE_INCOMPLETE', `${digest} exists, but ${part} is missing.`, {
    hint: 'Push the image again, with all its platforms.',
  });

/** The wanted platforms that do not exist. Without a variant, any variant counts: `linux/arm64/v8` is there for `linux/arm64`. */
export const missingPlatforms = (wanted: readonly string[], existing: readonly string[]): readonly string[] =>
  wanted.filter((platform) => !existing.some((one) => one === platform || one.startsWith(`${platform}/`)));
