import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ociIndex, ociManifest } from './start-registry.ts';

/** Writes an OCI layout of one small image for each platform, as BuildKit does, with an attestation beside them; returns the digest of its index. */
export function writeLayout(folder: string, architectures: readonly string[]): string {
  const blobs = join(folder, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const blob = (mediaType: string, text: string) => {
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(blobs, hex), text);
    return { mediaType, digest: `sha256:${hex}`, size: text.length };
  };
  const image = (config: object) =>
    blob(ociManifest, JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, config: blob('config', JSON.stringify(config)), layers: [blob('layer', 'the layer')] }));
  const images = architectures.map((architecture) => ({ ...image({ os: 'linux', architecture, config: { Labels: { version: '1.4.0' } } }), platform: { os: 'linux', architecture } }));
  const attestation = { ...image({ os: 'unknown', architecture: 'unknown' }), platform: { os: 'unknown', architecture: 'unknown' } };
  const index = blob(ociIndex, JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [...images, attestation] }));
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [index] }));
  return index.digest;
}
