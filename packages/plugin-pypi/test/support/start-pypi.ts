import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve, type Served } from '@relpipe/testing/http-server';
import { readMultipart } from './read-multipart.ts';

interface Stored {
  readonly project: string;
  readonly sha256: string;
  yanked: string | boolean;
}

/** Called for each stored upload. `lose` closes the connection without a response. */
type OnUpload = (filename: string) => 'pass' | 'lose' | Promise<'pass' | 'lose'>;

/**
 * Stands in for PyPI: upload, Simple API, JSON API and trusted publishing, with the responses of warehouse. A request that
 * the real one would not accept is a fault.
 */
export interface Pypi extends Served {
  readonly upload: string;
  readonly simple: string;
  /** The faults of all requests; a test ends with none. */
  readonly faults: string[];
  readonly files: Map<string, Stored>;
  /** Every accepted upload, in order. */
  readonly uploads: { readonly filename: string; readonly token: string }[];
  /** Names of files that were deleted: they can never be used again. */
  readonly deleted: Set<string>;
  /** Files that the Simple API does not list yet. */
  readonly unseen: Set<string>;
  /** Minted tokens with the time until which they are valid, in milliseconds; a test may add a lasting one. */
  readonly tokens: Map<string, number>;
  /** The identity tokens that this CI has issued, with the requested audience. */
  readonly identities: Map<string, string>;
  /** The environment of the CI job. */
  readonly github: { readonly ACTIONS_ID_TOKEN_REQUEST_URL: string; readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string };
  onUpload: OnUpload;
  /** Refuses to mint, with this code. */
  refuses: string | undefined;
}

const bearer = 'the-token-of-the-job';
const lifeMs = 900_000;

export async function startPypi(now: () => number = Date.now): Promise<Pypi> {
  const minted = new Set<string>();
  const served = await serve(async (request, response) => {
    try {
      await route(request, response);
    } catch (error) {
      pypi.faults.push(String(error));
      response.writeHead(400).end();
    }
  });
  const pypi: Pypi = Object.assign(served, {
    upload: `${served.url}/legacy/`,
    simple: `${served.url}/simple/`,
    faults: [],
    files: new Map(),
    uploads: [],
    deleted: new Set<string>(),
    unseen: new Set<string>(),
    tokens: new Map(),
    identities: new Map(),
    github: { ACTIONS_ID_TOKEN_REQUEST_URL: `${served.url}/github?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer },
    onUpload: () => 'pass' as const,
    refuses: undefined,
  });
  const fault = (message: string) => void pypi.faults.push(message);

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const url = new URL(request.url ?? '', served.url);
    const at = `${request.method ?? ''} ${url.pathname}`;
    const [, project = ''] = /^GET \/simple\/([a-z0-9-]+)\/$/.exec(at) ?? [];
    const [, ofRelease = '', version = ''] = /^GET \/pypi\/([a-z0-9-]+)\/([^/]+)\/json$/.exec(at) ?? [];
    if (project) return simple(project, response);
    if (ofRelease) return release(ofRelease, version, response);
    if (at === 'GET /_/oidc/audience') return json(response, 200, { audience: 'testing' });
    if (at === 'GET /github') return void identity(url, request, response);
    if (at === 'POST /_/oidc/mint-token') return mint(request, response);
    if (at === 'POST /legacy/') return upload(request, response);
    fault(`nothing is at ${at}`);
    return response.writeHead(404).end();
  };

  const simple = (project: string, response: ServerResponse): unknown => {
    const listed = [...pypi.files].filter(([name, file]) => file.project === project && !pypi.unseen.has(name));
    if (listed.length === 0) return response.writeHead(404).end();
    const files = listed.map(([filename, { sha256, yanked }]) => ({ filename, url: `${served.url}/files/${filename}`, hashes: { sha256 }, yanked }));
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
    response.end(JSON.stringify({ meta: { 'api-version': '1.4' }, name: project, files }));
  };

  const release = (project: string, version: string, response: ServerResponse): unknown => {
    const listed = [...pypi.files].filter(([name, file]) => file.project === project && name.includes(`-${version}`));
    if (listed.length === 0) return json(response, 404, { message: 'Not Found' });
    json(response, 200, { info: {}, urls: listed.map(([filename, { sha256, yanked }]) => ({ filename, digests: { sha256 }, yanked: yanked !== false })) });
  };

  const identity = (url: URL, { headers }: IncomingMessage, response: ServerResponse): unknown => {
    if (headers.authorization?.toLowerCase() !== `bearer ${bearer}`) fault('the identity was asked for without the token of the job');
    if (url.searchParams.get('api-version') !== '2.0') fault('the query string of the request URL was lost');
    const audience = url.searchParams.get('audience') ?? '';
    if (audience !== 'testing') fault(`the identity was asked for the audience ${audience}`);
    const token = `jwt-${randomUUID()}`;
    pypi.identities.set(token, audience);
    return json(response, 200, { value: token, count: 1 });
  };

  const mint = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    if (request.headers['content-type'] !== 'application/json') fault(`mint-token got ${String(request.headers['content-type'])}`);
    const body = JSON.parse((await buffer(request)).toString()) as Record<string, unknown>;
    if (Object.keys(body).join() !== 'token') fault(`mint-token got ${Object.keys(body).join()}`);
    const token = String(body['token']);
    const code = pypi.refuses ?? (!pypi.identities.has(token) ? 'invalid-token' : minted.has(token) ? 'invalid-reuse-token' : undefined);
    if (code !== undefined) return json(response, 422, { message: 'Token request failed', errors: [{ code, description: `because of ${code}` }] });
    minted.add(token);
    const given = `pypi-${randomUUID()}`;
    pypi.tokens.set(given, now() + lifeMs);
    return json(response, 200, { success: true, token: given, expires: Math.floor((now() + lifeMs) / 1000) });
  };

  const upload = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const [user = '', token = ''] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':');
    const bytes = await buffer(request);
    if (user !== '__token__' || (pypi.tokens.get(token) ?? 0) <= now()) return text(response, 403, 'Invalid or non-existent authentication information.');
    const form = readMultipart(request.headers['content-type'] ?? '', bytes);
    const content = form.get('content');
    if (content?.filename === undefined) return text(response, 400, 'Upload payload does not have a file.');
    const field = (name: string): string => form.get(name)?.bytes.toString() ?? '';
    const sha256 = createHash('sha256').update(content.bytes).digest('hex');
    for (const [name, wanted] of [[':action', 'file_upload'], ['protocol_version', '1']] as const)
      if (field(name) !== wanted) fault(`${name} was ${field(name)}`);
    for (const name of ['name', 'version', 'filetype', 'metadata_version']) if (field(name) === '') fault(`an upload without ${name}`);
    if (field('sha256_digest') !== sha256) return text(response, 400, 'The digest supplied does not match a digest calculated from the uploaded file.');
    const { filename } = content;
    const previous = pypi.files.get(filename);
    if (pypi.deleted.has(filename)) return text(response, 400, 'This filename was previously used by a file that has since been deleted. Use a different version.');
    if (previous?.sha256 === sha256) return text(response, 200, '');
    if (previous) return text(response, 400, `File already exists ('${filename}', with blake2_256 hash '…').`);
    pypi.files.set(filename, { project: field('name').replace(/[-_.]+/g, '-').toLowerCase(), sha256, yanked: false });
    pypi.uploads.push({ filename, token });
    if ((await pypi.onUpload(filename)) === 'lose') return request.socket.destroy();
    return text(response, 200, '');
  };

  return pypi;
}

const json = (response: ServerResponse, status: number, body: object): unknown =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** As warehouse responds: the message is in the status line and in the page. */
const text = (response: ServerResponse, status: number, words: string): unknown =>
  response
    .writeHead(status, status === 200 ? 'OK' : words.replaceAll('…', '...'), { 'content-type': 'text/html' })
    .end(`<html><head><title>${status}</title></head><body><h1>${status} ${words}</h1></body></html>`);
