import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseJson, StepError, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { descriptor } from '../registry/manifest-body.ts';
import { digestLike, digestOf, isDigest, manifestTypes, type Manifest } from '../registry/manifest.ts';

/** One image, or one index of images, as files (OCI image specification, "Image Layout"). */
export interface Layout {
  readonly manifest: Manifest;
  read(digest: string): Promise<Manifest | undefined>;
  readBlob(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  openBlob(digest: string): Promise<ReadableStream>;
}

const layoutIndex = Type.Object({ manifests: Type.Array(descriptor) });

/** @throws {StepError} `DOCKER_LAYOUT_UNREADABLE`, `DOCKER_DIGEST_CHANGED` */
export async function openLayout(folder: string): Promise<Layout> {
  const fileOf = (digest: string): string => join(folder, 'blobs', ...digest.split(':'));
  const readBlob = async (digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const bytes = await readIfThere(fileOf(digest));
    if (bytes && digestLike(bytes, digest) !== digest) throw changed(folder, digest);
    return bytes;
  };
  const read = async (digest: string): Promise<Manifest | undefined> => {
    const bytes = isDigest(digest) ? await readBlob(digest) : undefined;
    return bytes && { bytes, mediaType: typeOf(bytes), digest: digestOf(bytes) };
  };
  const index = parseJson((await readIfThere(join(folder, 'index.json'))) ?? new Uint8Array());
  const named = Value.Check(layoutIndex, index) ? index.manifests.filter(({ mediaType }) => manifestTypes.includes(mediaType)) : [];
  const manifest = named.length === 1 && named[0] ? await read(named[0].digest) : undefined;
  if (!manifest) throw unreadable(folder, named.length);
  const openBlob = async (digest: string): Promise<ReadableStream> => Readable.toWeb(createReadStream(fileOf(digest)));
  return { manifest, read, readBlob, openBlob };
}

const readIfThere = async (file: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && new Uint8Array(bytes);
};

const mediaTyped = Type.Object({ mediaType: Type.String() });

/** Older writers leave it out of an index or a manifest; then its shape tells. */
function typeOf(bytes: Uint8Array): string {
  const body = parseJson(bytes);
  if (Value.Check(mediaTyped, body)) return body.mediaType;
  const isIndex = typeof body === 'object' && body !== null && 'manifests' in body;
  return `application/vnd.oci.image.${isIndex ? 'index' : 'manifest'}.v1+json`;
}

const unreadable = (folder: string, count: number) =>
  new StepError(
    'DOCKER_LAYOUT_UNREADABLE',
    count > 1 ? `${folder} holds ${count} images, and not one.` : `${folder} is not there, or no OCI layout.`,
    { hint: 'It is written by `docker.build` on the same machine; build it again.' },
  );

const changed = (folder: string, digest: string) =>
  new StepError('DOCKER_DIGEST_CHANGED', `${folder}: the bytes of ${digest} are others now.`, { hint: 'Build the image again.' });
