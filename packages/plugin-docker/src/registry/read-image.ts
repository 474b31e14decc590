import { parseJson, StepError, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { orNull, texts } from '../cli/docker-json.ts';
import { blobsOf, childrenOf, platformOf, readBody, type Descriptor } from './manifest-body.ts';
import type { Manifest } from './manifest.ts';

/** Where manifests and small blobs come from: a repository of a registry, or an OCI layout on the disk. */
export interface ImageSource {
  readManifest(digest: string): Promise<Manifest | undefined>;
  readBlob(digest: string): Promise<Uint8Array | undefined>;
}

export interface PlatformImage {
  /** e.g. `linux/arm64/v8`. */
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly blobs: readonly Descriptor[];
  /** Digest of the config: what the docker engine calls the image's ID. */
  readonly config: string;
}

const imageConfig = Type.Object({
  os: Type.Optional(Type.String()),
  architecture: Type.Optional(Type.String()),
  variant: Type.Optional(Type.String()),
  config: Type.Optional(orNull(Type.Object({ Labels: Type.Optional(orNull(texts)) }))),
});

/** The image of each platform, of an index or of a single manifest. Attestations are none. @throws {StepError} `DOCKER_IMAGE_INCOMPLETE` */
export async function readImage(manifest: Manifest, source: ImageSource): Promise<readonly PlatformImage[]> {
  const body = readBody(manifest);
  const children = childrenOf(body);
  if (body.manifests === undefined) return [await readPlatform(manifest, source, undefined)];
  const images = children.filter((child) => child.platform?.os !== 'unknown');
  return Promise.all(
    images.map(async (child) => {
      const found = await source.readManifest(child.digest);
      if (!found) throw incomplete(manifest.digest, `the image ${child.digest}`);
      return readPlatform(found, source, platformOf(child));
    }),
  );
}

async function readPlatform(manifest: Manifest, source: ImageSource, platform: string | undefined): Promise<PlatformImage> {
  const body = readBody(manifest);
  const bytes = body.config && (await source.readBlob(body.config.digest));
  if (!body.config || !bytes) throw incomplete(manifest.digest, 'its config');
  const config = parseJson(bytes);
  const said = Value.Check(imageConfig, config) ? config : {};
  const { os = 'unknown', architecture = 'unknown', variant } = said;
  const own = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return { platform: platform ?? own, labels: said.config?.Labels ?? {}, blobs: blobsOf(body), config: body.config.digest };
}

const incomplete = (digest: string, what: string) =>
  new StepError('DOCKER_IMAGE_INCOMPLETE', `${digest} is there, and ${what} is not.`, { hint: 'Push the image again, with all its platforms.' });
