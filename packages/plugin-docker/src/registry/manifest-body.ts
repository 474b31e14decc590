import { parseJson, StepError, Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Manifest } from './manifest.ts';

const platform = Type.Object({
  os: Type.String(),
  architecture: Type.String(),
  variant: Type.Optional(Type.String()),
});

/** Points at a manifest or a blob (OCI image specification, "Content Descriptors"). */
export const descriptor = Type.Object({
  mediaType: Type.String(),
  digest: Type.String({ pattern: '^sha(256:[a-f0-9]{64}|512:[a-f0-9]{128})$' }),
  size: Type.Integer(),
  platform: Type.Optional(platform),
  artifactType: Type.Optional(Type.String()),
  annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
  urls: Type.Optional(Type.Array(Type.String())),
});
export type Descriptor = Static<typeof descriptor>;

/** What a manifest or an index points at. */
const manifestBody = Type.Object({
  config: Type.Optional(descriptor),
  layers: Type.Optional(Type.Array(descriptor)),
  manifests: Type.Optional(Type.Array(descriptor)),
  subject: Type.Optional(descriptor),
  artifactType: Type.Optional(Type.String()),
  annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type ManifestBody = Static<typeof manifestBody>;

/** What a manifest says, only to be read. @throws {StepError} `DOCKER_MANIFEST_UNKNOWN` */
export function readBody(manifest: Manifest): ManifestBody {
  const body = parseJson(manifest.bytes);
  if (Value.Check(manifestBody, body)) return body;
  throw new StepError('DOCKER_MANIFEST_UNKNOWN', `${manifest.digest} is not the manifest that its type ${manifest.mediaType} promises.`, {
    hint: 'Push the image again.',
  });
}

/** The manifests of an index; none of an image. */
export const childrenOf = (body: ManifestBody): readonly Descriptor[] => body.manifests ?? [];

/** Config and layers of an image, each once. What is kept elsewhere (`urls`) never was in the registry. */
export function blobsOf({ config, layers = [] }: ManifestBody): readonly Descriptor[] {
  const all = [...(config ? [config] : []), ...layers].filter(({ urls = [] }) => urls.length === 0);
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}

/** `linux/arm64/v8`. An attestation stands in an index as `unknown/unknown`: it is no platform. */
export function platformOf({ platform }: Descriptor): string | undefined {
  if (platform === undefined || platform.os === 'unknown') return undefined;
  const { os, architecture, variant } = platform;
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
