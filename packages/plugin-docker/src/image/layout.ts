import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { StepError, Type } from 'relpipe/plugin';
import { parseJson, readIfThere } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { descriptor, digestLike, digestOf, isDigest, manifestTypes, type Manifest } from './manifest.ts';
import type { ImageSource } from './read-image.ts';

/** One image, or one index of images, as files (OCI image specification, "Image Layout"). */
export interface Layout extends ImageSource {
  readonly manifest: Manifest;
  openBlob(digest: string): Promise<ReadableStream>;
}

const layoutIndex = Type.Object({ manifests: Type.Array(descriptor) });

/** @throws {StepError} `DOCKER_LAYOUT_UNREADABLE`; its methods throw `DOCKER_DIGEST_CHANGED` */
export async function openLayout(folder: string): Promise<Layout> {
  const fileOf = (digest: string): string => join(folder, 'blobs', ...digest.split(':'));
  const readBlob = async (digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const bytes = await readIfThere(fileOf(digest));
    if (bytes && digestLike(bytes, digest) !== digest) throw changed(folder, digest);
    return bytes;
  };
  const read = async (digest: string): Promise<Manifest | undefined> => {
    const bytes = isDigest(digest) ? await readBlob(digest) : undefined;
    return bytes && { bytes, mediaType: mediaTypeOf(bytes), digest: digestOf(bytes) };
  };
  const index = parseJson((await readIfThere(join(folder, 'index.json'))) ?? new Uint8Array());
  const listed = Value.Check(layoutIndex, index) ? index.manifests.filter(({ mediaType }) => manifestTypes.includes(mediaType)) : [];
  const manifest = listed.length === 1 && listed[0] ? await read(listed[0].digest) : undefined;
  if (!manifest) throw unreadable(folder, listed.length);
  const openBlob = async (digest: string): Promise<ReadableStream> => Readable.toWeb(createReadStream(fileOf(digest)));
  return { manifest, read, readBlob, openBlob };
}

const mediaTyped = Type.Object({ mediaType: Type.String() });

/** Older writers leave the media type out of an index or a manifest; then its shape tells. */
function mediaTypeOf(bytes: Uint8Array): string {
  const body = parseJson(bytes);
  if (Value.Check(mediaTyped, body)) return body.mediaType;
  const isIndex = typeof body === 'object' && body !== null && 'manifests' in body;
  return `application/vnd.oci.image.${isIndex ? 'index' : 'manifest'}.v1+json`;
}

const unreadable = (folder: string, count: number) =>
  new StepError(
    'DOCKER_LAYOUT_UNREADABLE',
    count > 1 ? `${folder} contains ${count} images; expected one.` : `${folder} does not contain an OCI layout.`,
    { hint: '`docker.build` writes it on the same machine; build the image again.' },
  );

const changed = (folder: string, digest: string) =>
  new StepError('DOCKER_DIGEST_CHANGED', `${folder}: the bytes of ${digest} have changed.`, { hint: 'Build the image again.' });
