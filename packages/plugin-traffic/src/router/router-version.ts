import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of the package that the router ships with. */
export function routerVersion(): string {
  const path = findPackageJSON(import.meta.url);
  const manifest: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string';
  return isNamed ? String(manifest.version) : 'unknown';
}
