import { packageIndex, type PackageIndex } from '../simple-api/package-index.ts';
import { knownIndexes } from './known-indexes.ts';
import { pipIndex } from './pip-index.ts';

/**
 * The index a step names, else the one that pip is configured for, else the one uv is, else the public one.
 * @throws {StepError} `PYPI_INDEX_INVALID`, `PYPI_SETTINGS_UNREADABLE`
 */
export async function indexToRead(named: string | undefined, environment: NodeJS.ProcessEnv): Promise<PackageIndex> {
  if (named !== undefined) return packageIndex(knownIndexes[named]?.simple ?? named, '`index`');
  const fromPip = await pipIndex(environment);
  if (fromPip) return packageIndex(fromPip.value, fromPip.source);
  const fromUv = uvIndex(environment);
  return fromUv ? packageIndex(fromUv.url, fromUv.source) : packageIndex('https://pypi.org/simple', 'the default');
}

/** uv's first variable may begin with a name: `internal=https://…`. */
function uvIndex(environment: NodeJS.ProcessEnv): { readonly url: string; readonly source: string } | undefined {
  const source = ['UV_DEFAULT_INDEX', 'UV_INDEX_URL'].find((name) => environment[name]);
  if (source === undefined) return undefined;
  return { url: (environment[source] ?? '').replace(/^[A-Za-z0-9_-]+=/, ''), source };
}
