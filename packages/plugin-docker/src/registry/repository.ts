import { StepError, type ReadContext } from 'relpipe/plugin';
import type { Credentials } from '../credentials/credentials.ts';
import { basicAuthorization } from './basic-authorization.ts';
import { fetchToken } from './fetch-token.ts';
import { digestLike, digestOf, isDigest, manifestTypes, type Manifest } from './manifest.ts';
import { parseChallenge } from './parse-challenge.ts';
import { refusal } from './refusal.ts';
import { send, sendFor, type Answer } from './send.ts';

/** A request whose body, if it is a stream, can be opened again after logging in. */
export type Request = Omit<RequestInit, 'body'> & { readonly body?: Uint8Array<ArrayBuffer> | (() => Promise<ReadableStream>) };

/**
 * One repository of a registry, by the OCI distribution specification 1.1
 * (https://github.com/opencontainers/distribution-spec).
 */
export class Repository {
  readonly base: URL;
  readonly name: string;
  private readonly credentials: () => Promise<Credentials | undefined>;
  private readonly context: ReadContext;
  private authorization: string | undefined;

  /** `credentials` are only asked for when the registry wants some. */
  constructor(registry: string, name: string, credentials: () => Promise<Credentials | undefined>, context: ReadContext) {
    this.base = new URL(registry);
    this.name = name;
    this.credentials = credentials;
    this.context = context;
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
    if (!manifestTypes.includes(mediaType)) throw this.unknownType(reference, mediaType);
    const named = isDigest(reference) ? reference : answer.headers.get('docker-content-digest');
    if (named !== null && named !== digestLike(answer.bytes, named)) throw this.changed(reference, named);
    return { bytes: answer.bytes, mediaType, digest: digestOf(answer.bytes) };
  }

  /** Stores these bytes under a tag or their digest. @returns whether the registry lists it with the image it refers to @throws {StepError} */
  async write(reference: string, { bytes, mediaType }: Manifest): Promise<boolean> {
    const answer = await this.ask('PUT', `manifests/${reference}`, { body: bytes, headers: { 'content-type': mediaType } });
    if (answer.status < 200 || answer.status > 299) throw this.refused('write', reference, answer);
    return answer.headers.has('oci-subject');
  }

  /** Deletes a tag, never the image; or, by its digest, an image with all its tags. What is not there is deleted. @throws {StepError} */
  async delete(reference: string): Promise<void> {
    const answer = await this.ask('DELETE', `manifests/${reference}`, {});
    if (![200, 202, 204, 404].includes(answer.status)) throw this.refused('delete', reference, answer);
  }

  /** `path`: below the repository, or whole, as a registry gives it for an upload. */
  ask(method: string, path: string, request: Request): Promise<Answer> {
    return this.withLogin((url, given) => send(url, { ...given, method }, this.context), path, request);
  }

  /** The same, with the body of the answer left to be read. */
  open(method: string, path: string, request: Request): Promise<Response> {
    return this.withLogin((url, given) => sendFor(url, { ...given, method }, this.context), path, request);
  }

  refused(verb: string, reference: string, answer: Pick<Answer, 'status' | 'bytes'>): StepError {
    const name = isDigest(reference) ? `${this.name}@${reference}` : `${this.name}:${reference}`;
    return refusal(`${this.base.origin} refused to ${verb} ${name}`, answer);
  }

  private async withLogin<A extends Pick<Answer, 'status' | 'headers' | 'url'>>(
    act: (url: string, request: RequestInit) => Promise<A>,
    path: string,
    request: Request,
  ): Promise<A> {
    const url = this.urlOf(path);
    const once = async () => act(url, await this.complete(url, request));
    const answer = await once();
    return answer.status === 401 && this.isOwn(answer.url) && (await this.logIn(answer)) ? once() : answer;
  }

  /** An upload may lead to another host, which must not see who asks, nor say where to log in. */
  private isOwn(url: string): boolean {
    return new URL(url).origin === this.base.origin;
  }

  private async complete(url: string, { body, ...request }: Request): Promise<RequestInit> {
    const headers = new Headers(request.headers);
    if (this.authorization !== undefined && this.isOwn(url)) headers.set('authorization', this.authorization);
    if (typeof body !== 'function') return { ...request, headers, ...(body !== undefined && { body }) };
    return { ...request, headers, body: await body(), duplex: 'half' };
  }

  private urlOf(path: string): string {
    return new URL(path, new URL(`v2/${this.name}/`, `${this.base.href.replace(/\/*$/, '')}/`)).href;
  }

  /** False where the registry does not say how, or wants a password and there is none. */
  private async logIn({ headers }: Pick<Answer, 'headers'>): Promise<boolean> {
    const challenge = parseChallenge(headers.get('www-authenticate'));
    if (challenge === undefined) return false;
    const credentials = await this.credentials();
    if (challenge.scheme === 'bearer') {
      this.authorization = `Bearer ${await fetchToken(this.base, challenge, credentials, this.context)}`;
      return true;
    }
    this.authorization = credentials && 'username' in credentials ? basicAuthorization(credentials) : undefined;
    return this.authorization !== undefined;
  }

  private unknownType(reference: string, mediaType: string): StepError {
    return new StepError(
      'DOCKER_MANIFEST_UNKNOWN',
      `${this.name}:${reference} is of the unknown type \`${mediaType}\`.`,
      { hint: 'Only OCI images and Docker images of schema 2 keep their digest; push the image again with a newer client.' },
    );
  }

  private changed(reference: string, named: string): StepError {
    const message = `${this.name}:${reference} should be ${named}, but its bytes are not.`;
    return new StepError('DOCKER_DIGEST_CHANGED', message, {
      hint: 'Something between here and the registry changes what it sends.',
    });
  }
}
