import { StepError, whyUnreachable, type ReadContext } from 'relpipe/plugin';
import type { IndexFile } from './index-file.ts';
import type { PackageIndex } from './package-index.ts';
import { parseHtmlPage } from './parse-html-page.ts';
import { notAnIndex, parseJsonPage } from './parse-json-page.ts';

/** JSON where the index has it, else HTML; asked for as PEP 691 wants it. */
const accept = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';
const timeoutMs = 30_000;

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
  const { status, type, text } = await ask(url, index.authorization, context);
  if (status === 404) return undefined;
  if (status !== 200) throw refused(url, status);
  if (type === 'application/vnd.pypi.simple.v1+json') return parseJsonPage(text, url);
  if (type === 'application/vnd.pypi.simple.v1+html' || type === 'text/html') return parseHtmlPage(text);
  throw notAnIndex(url, `it answers with ${type === '' ? 'no content type' : type}`);
}

async function ask(url: string, authorization: string | undefined, context: ReadContext) {
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const response = await context.fetch(url, {
      // Caches on the way would show yesterday's list.
      headers: { accept, 'cache-control': 'max-age=0', ...(authorization !== undefined && { authorization }) },
      signal: AbortSignal.any([context.signal, overdue]),
    });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    return { status: response.status, type, text: await response.text() };
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('PYPI_UNREACHABLE', `Could not read ${url}: ${why}.`, { retryable: true, cause: error });
  }
}

const refused = (url: string, status: number) =>
  new StepError('PYPI_INDEX_REFUSED', `${url} answered ${status}.`, {
    hint:
      status === 401 || status === 403
        ? 'Give PIP_INDEX_URL a user name and a password that may read the index.'
        : 'Open it in a browser: it has to list the files of the project.',
    retryable: status >= 500 || status === 429,
  });
