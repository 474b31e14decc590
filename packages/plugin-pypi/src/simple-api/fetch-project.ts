import { Parser } from 'htmlparser2';
import { StepError, Type, type ReadContext } from 'relpipe/plugin';
import { busyHint, isTransient, type HttpAnswer } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { askIndex } from './ask.ts';
import type { IndexFile } from './index-file.ts';
import type { PackageIndex } from './package-index.ts';

/** JSON where the index has it, else HTML; requested as PEP 691 recommends. */
const accept = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/**
 * The files that an index lists for a project, by its normal name; undefined while the index does not know the project.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable), `PYPI_INDEX_HTTP_ERROR`, `PYPI_NOT_AN_INDEX`
 */
export async function fetchProject(index: PackageIndex, project: string, context: ReadContext): Promise<readonly IndexFile[] | undefined> {
  const url = `${index.url}${project}/`;
  const answer = await askIndex(url, accept, index, context);
  const { status, mediaType, text, json } = answer;
  if (status === 404) return undefined;
  if (status !== 200) throw httpError(url, answer);
  if (mediaType === 'application/vnd.pypi.simple.v1+json') return readJsonPage(json, url);
  if (mediaType === 'application/vnd.pypi.simple.v1+html' || mediaType === 'text/html') return readHtmlPage(text);
  throw notAnIndex(url, `it responded with ${mediaType === '' ? 'no content type' : mediaType}`);
}

const httpError = (url: string, answer: HttpAnswer): StepError =>
  new StepError('PYPI_INDEX_HTTP_ERROR', `${url} responded with status ${answer.status}.`, { hint: hintFor(answer), retryable: isTransient(answer.status) });

function hintFor({ status, retryAfterMs }: HttpAnswer): string {
  if (status === 401 || status === 403) return 'Give PIP_INDEX_URL a user name and a password that can read the index.';
  if (isTransient(status)) return busyHint({ retryAfterMs });
  return 'Open it in a browser: it should list the files of the project.';
}

/** The part of a project page in JSON (PEP 691) that relpipe reads; `yanked` is absent, a boolean or the reason. */
const jsonPage = Type.Object({
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

function readJsonPage(body: unknown, url: string): readonly IndexFile[] {
  if (!Value.Check(jsonPage, body)) throw notAnIndex(url, 'it responded with other JSON');
  const version = body.meta['api-version'];
  if (!version.startsWith('1.')) throw notAnIndex(url, `it has API version ${version}, and only version 1 is supported`);
  return body.files.map(({ filename, hashes, yanked = false, 'requires-python': requiresPython }) => ({
    filename,
    sha256: hashes['sha256']?.toLowerCase(),
    yanked: yanked === false ? undefined : yanked === true ? '' : yanked,
    requiresPython: requiresPython ?? undefined,
  }));
}

/**
 * A project page in HTML (PEP 503): each link is a file, its text the name, the fragment of its address the hash; `data-yanked`
 * marks a yanked file, `data-requires-python` states the Python versions.
 */
function readHtmlPage(html: string): readonly IndexFile[] {
  const files: IndexFile[] = [];
  let link: (Omit<IndexFile, 'filename'> & { filename: string }) | undefined;
  const parser = new Parser({
    onopentag(name, { href, 'data-yanked': yanked, 'data-requires-python': requiresPython }) {
      if (name === 'a' && href !== undefined) link = { filename: '', sha256: sha256In(href), yanked, requiresPython };
    },
    ontext(text) {
      if (link) link.filename += text;
    },
    onclosetag(name) {
      if (name === 'a' && link) files.push({ ...link, filename: link.filename.trim() });
      if (name === 'a') link = undefined;
    },
  });
  parser.end(html);
  return files;
}

const sha256In = (href: string): string | undefined => /#(?:.*&)?sha256=([0-9a-f]{64})(?:&|$)/i.exec(href)?.[1]?.toLowerCase();

const notAnIndex = (url: string, why: string): StepError =>
  new StepError('PYPI_NOT_AN_INDEX', `${url} is not a page of a package index: ${why}.`, {
    hint: '`index` is the URL that has the projects below it, e.g. https://pypi.org/simple',
  });
