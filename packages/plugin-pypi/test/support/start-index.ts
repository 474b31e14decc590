import type { ServerResponse } from 'node:http';
import { serve, type Served } from '@relpipe/testing/http-server';

/** One file as the test wants it listed. */
export interface Listed {
  readonly filename: string;
  readonly sha256?: string;
  /** The reason. */
  readonly yanked?: string;
  readonly requiresPython?: string;
}

export interface PackageIndex extends Served {
  readonly asked: { path: string; accept: string; authorization: string | undefined }[];
}

/** Project pages by normal name, or a status to fail with; called for every request, counted from 1. */
export type Pages = (request: number) => Readonly<Record<string, readonly Listed[]>> | number;

/** The files that the JSON API shows, by `project/version`. */
export type Releases = Readonly<Record<string, readonly Listed[]>>;

/** A package index that speaks JSON (PEP 691) to clients that accept it, or one that only has HTML (PEP 503). */
export async function startIndex(pages: Pages, speaks: 'json' | 'html' = 'json', second?: Releases): Promise<PackageIndex> {
  const asked: PackageIndex['asked'] = [];
  const served = await serve(({ url = '', headers }, response): void => {
    const release = /^\/pypi\/(.+)\/json$/.exec(url)?.[1];
    if (release !== undefined) return answerJson(response, second?.[release]);
    asked.push({ path: url, accept: headers.accept ?? '', authorization: headers.authorization });
    const all = pages(asked.length);
    const project = /^\/simple\/([a-z0-9-]+)\/$/.exec(url)?.[1] ?? '';
    const page = typeof all === 'number' ? undefined : all[project];
    if (!page) return void response.writeHead(typeof all === 'number' ? all : 404).end();
    const json = 'application/vnd.pypi.simple.v1+json';
    if (speaks === 'json' && !headers.accept?.includes(json)) return void response.writeHead(406).end();
    response.setHeader('content-type', speaks === 'json' ? json : 'text/html; charset=utf-8');
    response.end(speaks === 'json' ? jsonPage(project, page) : htmlPage(page));
  });
  return Object.assign(served, { asked, url: `${served.url}/simple` });
}

function answerJson(response: ServerResponse, files: readonly Listed[] | undefined): void {
  if (!files) return void response.writeHead(404).end();
  const urls = files.map(({ filename, sha256 = '', yanked, requiresPython = null }) => ({
    filename,
    digests: { sha256 },
    yanked: yanked !== undefined,
    yanked_reason: yanked ?? null,
    requires_python: requiresPython,
  }));
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ info: {}, urls }));
}

const jsonPage = (name: string, files: readonly Listed[]): string =>
  JSON.stringify({
    meta: { 'api-version': '1.4' },
    name,
    files: files.map(({ filename, sha256, yanked = false, requiresPython = null }) => ({
      filename,
      url: `https://files.invalid/${filename}`,
      hashes: sha256 === undefined ? {} : { sha256 },
      yanked,
      'requires-python': requiresPython,
    })),
  });

const htmlPage = (files: readonly Listed[]): string =>
  [
    '<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head><body><h1>Links</h1>',
    ...files.map(({ filename, sha256, yanked, requiresPython }) => {
      const hash = sha256 === undefined ? '' : `#sha256=${sha256}`;
      const reason = yanked === undefined ? '' : ` data-yanked="${yanked.replaceAll('"', '&quot;')}"`;
      const python = requiresPython === undefined ? '' : ` data-requires-python="${requiresPython.replaceAll('>', '&gt;')}"`;
      return `<a href="/files/${filename}${hash}"${python}${reason}>${filename}</a><br />`;
    }),
    '</body></html>',
  ].join('\n');
