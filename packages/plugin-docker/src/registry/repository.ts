import { StepError, type ReadContext } from 'relpipe/plugin';
import { basicAuthorization, type Credentials } from './credentials.ts';
import { fetchToken } from './fetch-token.ts';
import { digestLike, digestOf, isDigest, manifestTypes, type Manifest } from './manifest.ts';
import { parseChallenge } from './parse-challenge.ts';
import { refusal } from './refusal.ts';
import { send, type Answer } from './send.ts';

/**
 * One repository of a registry, by the OCI distribution specification 1.1
 * (https://github.com/opencontainers/distribution-spec).
 */
export class Repository {
  private readonly base: URL;
  private readonly name: string;
  private readonly credentials: Credentials | undefined;
  private readonly context: ReadContext;
  private authorization: string | undefined;

  constructor(registry: string, name: string, credentials: Credentials | undefined, context: ReadContext) {
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
    const answer = await this.ask('GET', reference, { headers: { accept: manifestTypes.join(', ') } });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.refused('read', reference, answer);
    const mediaType = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    if (!manifestTypes.includes(mediaType)) throw this.unknownType(reference, mediaType);
    const named = isDigest(reference) ? reference : answer.headers.get('docker-content-digest');
    if (named !== null && named !== digestLike(answer.bytes, named)) throw this.changed(reference, named);
    return { bytes: answer.bytes, mediaType, digest: digestOf(answer.bytes) };
  }

  /** Points a tag at these bytes. @throws {StepError} */
  async write(tag: string, { bytes, mediaType }: Manifest): Promise<void> {
    const answer = await this.ask('PUT', tag, { body: bytes, headers: { 'content-type': mediaType } });
    if (answer.status < 200 || answer.status > 299) throw this.refused('write', tag, answer);
  }

  /** Deletes one tag, never the image. One that is not there is deleted. @throws {StepError} */
  async deleteTag(tag: string): Promise<void> {
    const answer = await this.ask('DELETE', tag, {});
    if (![200, 202, 204, 404].includes(answer.status)) throw this.refused('delete', tag, answer);
  }

  private async ask(method: string, reference: string, request: RequestInit): Promise<Answer> {
    const url = new URL(`v2/${this.name}/manifests/${reference}`, `${this.base.href.replace(/\/*$/, '')}/`).href;
    const once = () => send(url, { ...request, method, headers: this.headers(request.headers) }, this.context);
    const answer = await once();
    if (answer.status !== 401 || !(await this.logIn(answer))) return answer;
    return once();
  }

  private headers(given: RequestInit['headers']): Headers {
    const headers = new Headers(given);
    if (this.authorization !== undefined) headers.set('authorization', this.authorization);
    return headers;
  }

  /** False where the registry does not say how, or wants a password and there is none. */
  private async logIn({ headers }: Answer): Promise<boolean> {
    const challenge = parseChallenge(headers.get('www-authenticate'));
    if (challenge?.scheme === 'bearer') {
      this.authorization = `Bearer ${await fetchToken(this.base, challenge, this.credentials, this.context)}`;
      return true;
    }
    this.authorization = challenge && this.credentials && basicAuthorization(this.credentials);
    return this.authorization !== undefined;
  }

  private refused(verb: string, reference: string, answer: Answer): StepError {
    return refusal(`${this.base.origin} refused to ${verb} ${this.name}:${reference}`, answer);
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
