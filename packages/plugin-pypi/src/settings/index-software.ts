import type { ReadContext } from 'relpipe/plugin';
import { askIndex } from '../simple-api/ask-index.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { findKnownIndex } from './known-indexes.ts';

/** What answers at an index, as far as it can be told; with its two addresses. */
export type IndexSoftware =
  | { readonly kind: 'pypi'; readonly simple: string; readonly upload: string; readonly site: string }
  | { readonly kind: 'devpi' | 'pypiserver'; readonly simple: string; readonly upload: string }
  | { readonly kind: 'unknown' };

/**
 * By its address, else by asking it: pypiserver names itself on its first page, devpi answers below `+api`. `index.url` is
 * either of its addresses.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable)
 */
export async function indexSoftware(index: PackageIndex, context: ReadContext): Promise<IndexSoftware> {
  const known = findKnownIndex(index.url);
  if (known) return { kind: 'pypi', ...known };
  const root = index.url.replace(/\+?simple\/$/, '');
  const page = await askIndex(root, 'text/html', index, context);
  // First: it would send the other question round in circles.
  if (page.status === 200 && /pypiserver/i.test(page.text)) return { kind: 'pypiserver', simple: `${root}simple/`, upload: root };
  const api = await askIndex(`${root}+api`, 'application/json', index, context);
  if (api.status === 200 && isDevpi(api.json)) return { kind: 'devpi', simple: `${root}+simple/`, upload: root };
  return { kind: 'unknown' };
}

const isDevpi = (body: unknown): boolean => typeof body === 'object' && body !== null && 'type' in body && body.type === 'apiconfig';
