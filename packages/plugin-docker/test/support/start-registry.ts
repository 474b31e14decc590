import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve, type Served } from '../../../../test/support/serve.ts';

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';

export interface Registry extends Served {
  /** `PUT acme/engine/latest`, in order; `GET /token?…` for tokens. */
  readonly log: string[];
  readonly tags: Map<string, string>;
  /** Stores bytes as they are and gives their digest. */
  push(text: string, mediaType: string, ...tags: string[]): string;
}

export interface RegistryOptions {
  readonly login?: 'none' | 'basic' | 'bearer';
  readonly deletesTags?: boolean;
  /** Called before a request is answered; a status ends it there. */
  readonly before?: (line: string, registry: Registry) => number | undefined;
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

const repository = 'acme/engine';
const credentials = `Basic ${Buffer.from('robot:s3cret').toString('base64')}`;

/**
 * A registry with one repository, `acme/engine`, strict about what the OCI distribution specification asks of clients: types
 * that are accepted and sent, exact bytes, tokens of the right scope. It never deletes by digest.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const manifests = new Map<string, Stored>();
  const tags = new Map<string, string>();
  const log: string[] = [];
  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '', registry.url);
    const reference = /^\/v2\/acme\/engine\/manifests\/([^/]+)$/.exec(url.pathname)?.[1];
    const line = `${request.method ?? ''} ${reference ?? `${url.pathname}${url.search}`}`;
    log.push(line);
    const early = options.before?.(line, registry);
    if (early !== undefined) return refuse(response, early, 'UNKNOWN');
    if (url.pathname === '/token') return giveToken(url, request, response);
    if (reference === undefined) return refuse(response, 404, 'NAME_UNKNOWN');
    if (!isLoggedIn(request, response, options.login ?? 'none', registry.url)) return undefined;
    return answer(decodeURIComponent(reference), request, response);
  });

  async function answer(
    reference: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<ServerResponse> {
    const digest = tags.get(reference) ?? reference;
    const stored = manifests.get(digest);
    if (request.method === 'PUT') return put(reference, request, response);
    if (!stored) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    if (request.method === 'DELETE') return deleteTag(reference, response);
    if (!request.headers.accept?.includes(stored.mediaType)) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    return response
      .writeHead(200, { 'content-type': stored.mediaType, 'docker-content-digest': digest })
      .end(stored.bytes);
  }

  async function put(tag: string, request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> {
    const bytes = await buffer(request);
    const mediaType = request.headers['content-type'] ?? '';
    const written = JSON.parse(bytes.toString()) as { mediaType?: string };
    if (written.mediaType !== mediaType || tag.includes(':')) return refuse(response, 400, 'MANIFEST_INVALID');
    const digest = store({ bytes, mediaType });
    tags.set(tag, digest);
    return response
      .writeHead(201, { location: `/v2/${repository}/manifests/${digest}`, 'docker-content-digest': digest })
      .end();
  }

  function deleteTag(reference: string, response: ServerResponse): ServerResponse {
    if (reference.includes(':') || options.deletesTags === false) return refuse(response, 405, 'UNSUPPORTED');
    tags.delete(reference);
    return response.writeHead(202).end();
  }

  function store(stored: Stored): string {
    const digest = `sha256:${createHash('sha256').update(stored.bytes).digest('hex')}`;
    manifests.set(digest, stored);
    return digest;
  }

  const registry: Registry = Object.assign(served, {
    log,
    tags,
    push(text: string, mediaType: string, ...names: string[]) {
      const digest = store({ bytes: Buffer.from(text), mediaType });
      for (const name of names) tags.set(name, digest);
      return digest;
    },
  });
  return registry;
}

function refuse(response: ServerResponse, status: number, code: string): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }));
}

const scopeOf = (method: string | undefined): string =>
  `repository:${repository}:${method === 'GET' ? 'pull' : method === 'PUT' ? 'pull,push' : 'delete'}`;
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
  login: 'none' | 'basic' | 'bearer',
  url: string,
): boolean {
  const wanted = { none: headers.authorization, basic: credentials, bearer: `Bearer ${tokenFor(scopeOf(method))}` }[
    login
  ];
  if (headers.authorization === wanted) return true;
  const bearer = `Bearer realm="${url}/token",service="registry.test",scope="${scopeOf(method)}"`;
  response.setHeader('www-authenticate', login === 'basic' ? 'Basic realm="registry"' : bearer);
  refuse(response, 401, 'UNAUTHORIZED');
  return false;
}
