import type { ReadContext } from 'relpipe/plugin';
import { askIndex } from '../simple-api/ask.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';

/** The software that serves an index, as far as it can be recognized, and the two addresses of the index. */
export type IndexSoftware =
  | ({ readonly kind: 'pypi' } & KnownIndex)
  | { readonly kind: 'devpi' | 'pypiserver'; readonly simple: string; readonly upload: string }
  | { readonly kind: 'unknown' };

/**
 * By the address, else by asking: pypiserver names itself on its first page, devpi responds below `+api`. `index.url` is either of
 * the two addresses.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable)
 */
export async function indexSoftware(index: PackageIndex, context: ReadContext): Promise<IndexSoftware> {
  const known = findKnownIndex(index.url);
  if (known) return { kind: 'pypi', ...known };
  const root = index.url.replace(/\+?simple\/$/, '');
  const page = await askIndex(root, 'text/html', index, context);
  // First, because it would redirect the request below to itself for ever.
  if (page.status === 200 && /pypiserver/i.test(page.text)) return { kind: 'pypiserver', simple: `${root}simple/`, upload: root };
  const api = await askIndex(`${root}+api`, 'application/json', index, context);
  if (api.status === 200 && isDevpi(api.json)) return { kind: 'devpi', simple: `${root}+simple/`, upload: root };
  return { kind: 'unknown' };
}

const isDevpi = (body: unknown): boolean => typeof body === 'object' && body !== null && 'type' in body && body.type === 'apiconfig';

/** An index whose addresses need not be asked for. */
interface KnownIndex {
  readonly simple: string;
  readonly upload: string;
  /** Where people manage their projects. */
  readonly site: string;
}

export const knownIndexes: Readonly<Record<string, KnownIndex>> = {
  pypi: { simple: 'https://pypi.org/simple/', upload: 'https://upload.pypi.org/legacy/', site: 'https://pypi.org' },
  testpypi: { simple: 'https://test.pypi.org/simple/', upload: 'https://test.pypi.org/legacy/', site: 'https://test.pypi.org' },
};

/** By its Simple API or its upload address, with or without the slash at the end. */
export function findKnownIndex(url: string): KnownIndex | undefined {
  const withSlash = url.endsWith('/') ? url : `${url}/`;
  return Object.values(knownIndexes).find(({ simple, upload }) => withSlash === simple || withSlash === upload);
}
