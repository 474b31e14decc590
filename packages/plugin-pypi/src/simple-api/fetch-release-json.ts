import { isStepError, Type, type ReadContext } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Release } from '../names/release.ts';
import { askIndex } from './ask.ts';
import type { IndexFile } from './index-file.ts';
import type { PackageIndex } from './package-index.ts';

/** The part of the JSON API's page of a release that relpipe reads. */
const page = Type.Object({
  urls: Type.Array(
    Type.Object({
      filename: Type.String(),
      digests: Type.Record(Type.String(), Type.String()),
      yanked: Type.Optional(Type.Boolean()),
      yanked_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      requires_python: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});

/**
 * The files of a release by the JSON API, beside the Simple API at `/pypi/PROJECT/VERSION/json`. It is another page with other
 * caches, so it shows whether the Simple API lags. Undefined where it does not exist, does not know the release or does not respond.
 */
export async function fetchReleaseJson(
  index: PackageIndex,
  { project, version }: Release,
  context: ReadContext,
): Promise<readonly IndexFile[] | undefined> {
  if (!index.url.endsWith('/simple/')) return undefined;
  const url = `${index.url.replace(/simple\/$/, '')}pypi/${project}/${encodeURIComponent(version)}/json`;
  const answer = await askIndex(url, 'application/json', index, context).catch(ignoreStepError);
  if (answer?.status !== 200 || !Value.Check(page, answer.json)) return undefined;
  return answer.json.urls.map(({ filename, digests, yanked, yanked_reason, requires_python }) => ({
    filename,
    sha256: digests['sha256']?.toLowerCase(),
    yanked: yanked === true ? (yanked_reason ?? '') : undefined,
    requiresPython: requires_python ?? undefined,
  }));
}

/** It is only the second source, so its errors do not fail the step. */
function ignoreStepError(error: unknown): undefined {
  if (isStepError(error)) return undefined;
  throw error;
}
