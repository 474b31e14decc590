import { StepError, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { IndexFile } from './index-file.ts';

/** What relpipe reads of a project page in JSON (PEP 691); `yanked` is absent, a yes or no, or the reason. */
const page = Type.Object({
  meta: Type.Object({ 'api-version': Type.String() }),
  files: Type.Array(
    Type.Object({
      filename: Type.String(),
      hashes: Type.Record(Type.String(), Type.String()),
      yanked: Type.Optional(Type.Union([Type.Boolean(), Type.String()])),
      'requires-python': Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});

/** @throws {StepError} `PYPI_NOT_AN_INDEX` */
export function readJsonPage(body: unknown, url: string): readonly IndexFile[] {
  if (!Value.Check(page, body)) throw notAnIndex(url, 'it answers with other JSON');
  const version = body.meta['api-version'];
  if (!version.startsWith('1.')) throw notAnIndex(url, `it speaks version ${version}, and only 1 is known`);
  return body.files.map(({ filename, hashes, yanked = false, 'requires-python': requiresPython }) => ({
    filename,
    sha256: hashes['sha256']?.toLowerCase(),
    yanked: yanked === false ? undefined : yanked === true ? '' : yanked,
    requiresPython: requiresPython ?? undefined,
  }));
}

export const notAnIndex = (url: string, why: string) =>
  new StepError('PYPI_NOT_AN_INDEX', `${url} is no page of a package index: ${why}.`, {
    hint: '`index` is the URL below which the projects are, e.g. https://pypi.org/simple',
  });
