import { StepError, Type, type ReadContext } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { Credentials } from '../credentials/find-credentials.ts';
import { digestLike, digestOf, isDigest, manifestTypes, type Manifest } from '../image/manifest.ts';
import { logIn } from './log-in.ts';
import { refusal, send, sendForStream, type Answer } from './send.ts';

/** A request whose body, if it is a stream, can be opened again after logging in. */
export type Request = Omit<RequestInit, 'body'> & { readonly body?: Uint8Array<ArrayBuffer> | (() => Promise<ReadableStream>) };

/**
 * One repository of a registry, by the OCI distribution specification 1.1
 * (https://github.com/opencontainers/distribution-spec).
 */
export class Repository {
  readonly base: URL;
  readonly name: string;
  readonly #credentials: () => Promise<Credentials | undefined>;
  readonly #context: ReadContext;
  #authorization: string | undefined;

  /** `credentials` is only called when the registry wants some. */
  constructor(registry: string, name: string, credentials: () => Promise<Credentials | undefined>, context: ReadContext) {
    this.base = new URL(registry);
    this.name = name;
    this.#credentials = credentials;
    this.#context = context;
  }

  /**
   * The manifest under a tag or digest, its bytes checked against their digest; undefined when there is none.
   * @throws {StepError}
   */
  async read(reference: string): Promise<Manifest | undefined> {
    const answer = await this.ask('GET', `manifests/${reference}`, { headers: { accept: manifestTypes.join(', ') } });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.refused('read', reference, answer);
    const mediaType = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    if (!manifestTypes.includes(mediaType)) throw this.#unsupported(reference, mediaType);
    const digest = isDigest(reference) ? reference : answer.headers.get('docker-content-digest');
    if (digest !== null && digest !== digestLike(answer.bytes, digest)) throw this.#changed(reference, digest);
    return { bytes: answer.bytes, mediaType, digest: digestOf(answer.bytes) };
  }

  /**
   * Stores these bytes under a tag or their digest.
   * @returns whether the registry lists the manifest with the image it refers to
   * @throws {StepError}
   */
  async write(reference: string, { bytes, mediaType }: Manifest): Promise<boolean> {
    const answer = await this.ask('PUT', `manifests/${reference}`, { body: bytes, headers: { 'content-type': mediaType } });
    if (answer.status < 200 || answer.status > 299) throw this.refused('write', reference, answer);
    return answer.headers.has('oci-subject');
  }

  /** Deletes a tag, never the image; or, by its digest, an image with all its tags. Does nothing when there is none. @throws {StepError} */
  async delete(reference: string): Promise<void> {
    const answer = await this.ask('DELETE', `manifests/${reference}`, {});
    if (![200, 202, 204, 404].includes(answer.status)) throw this.refused('delete', reference, answer);
  }

  /** All tags. @throws {StepError} */
  async tags(): Promise<readonly string[]> {
    const tags: string[] = [];
    for (let page: string | undefined = 'tags/list'; page !== undefined; ) {
      const answer = await this.ask('GET', page, {});
      const body = parseJson(answer.bytes);
      if (answer.status !== 200 || !Value.Check(tagList, body)) throw this.refused('list the tags of', 'all', answer);
      tags.push(...(body.tags ?? []));
      page = nextPage(answer);
    }
    return tags;
  }

  /** Sends a request. `path`: below the repository, or a whole address, as a registry returns it for an upload. */
  ask(method: string, path: string, request: Request): Promise<Answer> {
    return this.#withLogin((url, complete) => send(url, { ...complete, method }, this.#context), path, request);
  }

  /** The same, with the body of the answer left to be read. */
  open(method: string, path: string, request: Request): Promise<Response> {
    return this.#withLogin((url, complete) => sendForStream(url, { ...complete, method }, this.#context), path, request);
  }

  refused(verb: string, reference: string, answer: Pick<Answer, 'status' | 'bytes'>): StepError {
    const name = isDigest(reference) ? `${this.name}@${reference}` : `${this.name}:${reference}`;
    return refusal(`${this.base.origin} refused to ${verb} ${name}`, answer);
  }

  async #withLogin<A extends Pick<Answer, 'status' | 'headers' | 'url'>>(
    act: (url: string, request: RequestInit) => Promise<A>,
    path: string,
    request: Request,
  ): Promise<A> {
    const url = new URL(path, new URL(`v2/${this.name}/`, `${this.base.href.replace(/\/*$/, '')}/`)).href;
    const once = async () => act(url, await this.#complete(url, request));
    const answer = await once();
    if (answer.status !== 401 || !this.#isOwn(answer.url)) return answer;
    const authorization = await logIn(this.base, answer.headers.get('www-authenticate'), this.#credentials, this.#context);
    if (authorization === undefined) return answer;
    this.#authorization = authorization;
    return once();
  }

  /** An upload may lead to another host, which must neither get the credentials nor say where to log in. */
  #isOwn(url: string): boolean {
    return new URL(url).origin === this.base.origin;
  }

  async #complete(url: string, { body, ...request }: Request): Promise<RequestInit> {
    const headers = new Headers(request.headers);
    if (this.#authorization !== undefined && this.#isOwn(url)) headers.set('authorization', this.#authorization);
    if (typeof body !== 'function') return { ...request, headers, ...(body !== undefined && { body }) };
    return { ...request, headers, body: await body(), duplex: 'half' };
  }

  #unsupported(reference: string, mediaType: string): StepError {
    return new StepError('DOCKER_MANIFEST_UNSUPPORTED', `${this.name}:${reference} has the unsupported type \`${mediaType}\`.`, {
      hint: 'Push the image again with a newer client, as an OCI image or a Docker image of schema 2: only these keep their digest.',
    });
  }

  #changed(reference: string, digest: string): StepError {
    return new StepError('DOCKER_DIGEST_CHANGED', `The bytes of ${this.name}:${reference} do not match their digest ${digest}.`, {
      hint: 'Check for a proxy between this machine and the registry that changes its answers.',
    });
  }
}

const tagList = Type.Object({ tags: Type.Union([Type.Array(Type.String()), Type.Null()]) });

/** The address of the next page of a list (`Link`, RFC 8288); undefined on the last one. */
export const nextPage = ({ headers }: Pick<Answer, 'headers'>): string | undefined =>
  /<([^>]+)>\s*;\s*rel="?next/.exec(headers.get('link') ?? '')?.[1];
