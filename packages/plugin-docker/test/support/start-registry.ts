import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve, type Served } from '@relpipe/testing/http-server';

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';

export interface Registry extends Served {
  /** `PUT acme/engine/latest` as `PUT latest`, in order; `GET /token?…` for tokens, whole paths for everything else. */
  readonly log: string[];
  /** Of `acme/engine`. */
  readonly tags: Map<string, string>;
  /** Stores a manifest's bytes as they are, in `acme/engine`, and returns their digest. */
  push(text: string, mediaType: string, ...tags: string[]): string;
  repository(name: string): StoredRepository;
}

export interface RegistryOptions {
  readonly login?: 'none' | 'basic' | 'bearer';
  readonly deletesTags?: boolean;
  /** Whether it lists what refers to an image, as registries of version 1.1 do. */
  readonly referrers?: boolean;
  readonly mounts?: boolean;
  /** Called before a request is answered; a status ends it there. */
  readonly before?: (line: string, registry: Registry) => number | undefined;
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export class StoredRepository {
  readonly manifests = new Map<string, Stored>();
  readonly tags = new Map<string, string>();
  readonly blobs = new Map<string, Buffer>();

  push(text: string, mediaType: string, ...names: string[]): string {
    const bytes = Buffer.from(text);
    const digest = digestOf(bytes);
    this.manifests.set(digest, { bytes, mediaType });
    for (const name of names) this.tags.set(name, digest);
    return digest;
  }

  pushBlob(text: string): { readonly digest: string; readonly size: number } {
    const bytes = Buffer.from(text);
    this.blobs.set(digestOf(bytes), bytes);
    return { digest: digestOf(bytes), size: bytes.length };
  }
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const credentials = `Basic ${Buffer.from('robot:s3cret').toString('base64')}`;

/**
 * A registry, strict about what the OCI distribution specification asks of clients: types that are accepted and sent, exact bytes, parts that
 * are there before what points at them, tokens of the right scope. It never deletes by digest.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const repositories = new Map<string, StoredRepository>();
  const uploads = new Map<string, Buffer>();
  const log: string[] = [];
  const repository = (name: string): StoredRepository => {
    const found = repositories.get(name) ?? new StoredRepository();
    repositories.set(name, found);
    return found;
  };

  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '', registry.url);
    const [, name = '', kind = '', rest = ''] = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/(.*)$/.exec(url.pathname) ?? [];
    const line = `${request.method ?? ''} ${kind === 'manifests' && name === 'acme/engine' ? rest : `${url.pathname}${url.search}`}`;
    log.push(line);
    const early = options.before?.(line, registry);
    if (early !== undefined) return refuse(response, early, 'UNKNOWN');
    if (url.pathname === '/token') return giveToken(url, request, response);
    if (kind === '') return refuse(response, 404, 'NAME_UNKNOWN');
    if (!isLoggedIn(request, response, name, options.login ?? 'none', registry.url)) return undefined;
    const given = { repository: repository(name), name, rest: decodeURIComponent(rest), url, request, response };
    if (kind === 'manifests') return answerManifest(given);
    if (kind === 'tags') return json(response, 200, { name, tags: [...given.repository.tags.keys()] });
    if (kind === 'referrers') return answerReferrers(given);
    return rest.startsWith('uploads/') ? answerUpload(given) : answerBlob(given);
  });

  interface Given {
    readonly repository: StoredRepository;
    readonly name: string;
    readonly rest: string;
    readonly url: URL;
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
  }

  async function answerManifest({ repository: { tags, manifests }, rest, ...given }: Given): Promise<ServerResponse> {
    const { request, response } = given;
    const digest = tags.get(rest) ?? rest;
    const stored = manifests.get(digest);
    if (request.method === 'PUT') return put({ ...given, rest });
    if (!stored) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    if (request.method === 'DELETE') {
      if (rest.includes(':') || options.deletesTags === false) return refuse(response, 405, 'UNSUPPORTED');
      tags.delete(rest);
      return response.writeHead(202).end();
    }
    if (!request.headers.accept?.includes(stored.mediaType)) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    return response
      .writeHead(200, { 'content-type': stored.mediaType, 'docker-content-digest': digest })
      .end(stored.bytes);
  }

  async function put({ name, rest, request, response }: Omit<Given, 'repository'>): Promise<ServerResponse> {
    const own = repository(name);
    const bytes = await buffer(request);
    const mediaType = request.headers['content-type'] ?? '';
    const written = JSON.parse(bytes.toString()) as WrittenManifest;
    const digest = digestOf(bytes);
    if (written.mediaType !== mediaType || (rest.includes(':') && rest !== digest)) return refuse(response, 400, 'MANIFEST_INVALID');
    const parts = [...(written.config ? [written.config] : []), ...(written.layers ?? [])];
    if (parts.some((part) => !own.blobs.has(part.digest))) return refuse(response, 400, 'MANIFEST_BLOB_UNKNOWN');
    if (written.manifests?.some((child) => !own.manifests.has(child.digest))) return refuse(response, 400, 'MANIFEST_BLOB_UNKNOWN');
    own.manifests.set(digest, { bytes, mediaType });
    if (!rest.includes(':')) own.tags.set(rest, digest);
    if (options.referrers && written.subject) response.setHeader('oci-subject', written.subject.digest);
    return response.writeHead(201, { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest }).end();
  }

  function answerReferrers({ repository: { manifests }, rest, response }: Given): ServerResponse {
    if (!options.referrers) return response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    const listed = [...manifests].flatMap(([digest, { bytes, mediaType }]) => {
      const { subject } = JSON.parse(bytes.toString()) as WrittenManifest;
      return subject?.digest === rest ? [{ mediaType, digest, size: bytes.length }] : [];
    });
    return json(response, 200, { schemaVersion: 2, mediaType: ociIndex, manifests: listed }, ociIndex);
  }

  function answerBlob({ repository: { blobs }, rest, request, response }: Given): ServerResponse {
    const blob = blobs.get(rest);
    if (blob === undefined) return refuse(response, 404, 'BLOB_UNKNOWN');
    return request.method === 'HEAD' ? response.writeHead(200).end() : response.writeHead(200).end(blob);
  }

  async function answerUpload({ repository: own, name, rest, url, request, response }: Given): Promise<ServerResponse> {
    const [mount, from] = [url.searchParams.get('mount') ?? '', url.searchParams.get('from') ?? ''];
    const mounted = options.mounts === false ? undefined : repository(from).blobs.get(mount);
    if (mounted !== undefined) {
      own.blobs.set(mount, mounted);
      return response.writeHead(201, { location: `/v2/${name}/blobs/${mount}` }).end();
    }
    const id = rest.replace('uploads/', '') || String(uploads.size + 1);
    const location = `/v2/${name}/blobs/uploads/${id}?state=1`;
    const so = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), await buffer(request)]);
    uploads.set(id, so);
    if (request.method !== 'PUT') return response.writeHead(202, { location }).end();
    const digest = url.searchParams.get('digest') ?? '';
    if (digest !== digestOf(so)) return refuse(response, 400, 'DIGEST_INVALID');
    own.blobs.set(digest, so);
    return response.writeHead(201, { location: `/v2/${name}/blobs/${digest}` }).end();
  }

  const registry: Registry = Object.assign(served, {
    log,
    repository,
    tags: repository('acme/engine').tags,
    push: (text: string, mediaType: string, ...names: string[]) => repository('acme/engine').push(text, mediaType, ...names),
  });
  return registry;
}

interface WrittenManifest {
  readonly mediaType?: string;
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
  readonly subject?: { readonly digest: string };
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): ServerResponse {
  return response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, code: string): ServerResponse =>
  json(response, status, { errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] });

const scopeOf = (method: string | undefined, name: string): string =>
  `repository:${name}:${method === 'GET' || method === 'HEAD' ? 'pull' : method === 'DELETE' ? 'delete' : 'pull,push'}`;
const tokenFor = (scope: string): string => Buffer.from(scope).toString('base64url');

function giveToken(url: URL, { headers }: IncomingMessage, response: ServerResponse): ServerResponse {
  const scope = url.searchParams.get('scope') ?? '';
  if (url.searchParams.get('service') !== 'registry.test') return refuse(response, 400, 'UNSUPPORTED');
  if (headers.authorization !== credentials) return refuse(response, 401, 'UNAUTHORIZED');
  return response.end(JSON.stringify({ token: tokenFor(scope), expires_in: 300 }));
}

function isLoggedIn(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  name: string,
  login: 'none' | 'basic' | 'bearer',
  url: string,
): boolean {
  const scope = scopeOf(method, name);
  const wanted = { none: headers.authorization, basic: credentials, bearer: `Bearer ${tokenFor(scope)}` }[login];
  if (headers.authorization === wanted) return true;
  const bearer = `Bearer realm="${url}/token",service="registry.test",scope="${scope}"`;
  response.setHeader('www-authenticate', login === 'basic' ? 'Basic realm="registry"' : bearer);
  refuse(response, 401, 'UNAUTHORIZED');
  return false;
}
