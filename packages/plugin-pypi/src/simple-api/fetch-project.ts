import { StepError, type ReadContext } from 'relpipe/plugin';
import { askIndex } from './ask-index.ts';
import type { IndexFile } from './index-file.ts';
import type { PackageIndex } from './package-index.ts';
import { parseHtmlPage } from './parse-html-page.ts';
import { notAnIndex, readJsonPage } from './read-json-page.ts';

/** JSON where the index has it, else HTML; asked for as PEP 691 wants it. */
const accept = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/**
 * The files an index lists for a project, by its normal name; undefined while it does not know the project.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable), `PYPI_INDEX_REFUSED`, `PYPI_NOT_AN_INDEX`
 */
export async function fetchProject(
  index: PackageIndex,
  project: string,
  context: ReadContext,
): Promise<readonly IndexFile[] | undefined> {
  const url = `${index.url}${project}/`;
  const { status, mediaType, text, json } = await askIndex(url, accept, index, context);
  if (status === 404) return undefined;
  if (status !== 200) throw refused(url, status);
  if (mediaType === 'application/vnd.pypi.simple.v1+json') return readJsonPage(json, url);
  if (mediaType === 'application/vnd.pypi.simple.v1+html' || mediaType === 'text/html') return parseHtmlPage(text);
  throw notAnIndex(url, `it answers with ${mediaType === '' ? 'no content type' : mediaType}`);
}

const refused = (url: string, status: number) =>
  new StepError('PYPI_INDEX_REFUSED', `${url} answered ${status}.`, {
    hint:
      status === 401 || status === 403
        ? 'Give PIP_INDEX_URL a user name and a password that may read the index.'
        : 'Open it in a browser: it has to list the files of the project.',
    retryable: status >= 500 || status === 429,
  });
