import { ApiException, type CustomObjectsApi, Observable, type RequestContext, type ResponseContext } from '@kubernetes/client-node';
import { shellWord } from '@relpipe/plugin-traffic/router';
import { parseJson, StepError, whyUnreachable } from 'relpipe/plugin';

/** A kind of object that is no part of Kubernetes itself. */
export interface ObjectKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** As its manifest says it, e.g. `HTTPRoute`. */
  readonly kind: string;
}

export interface ClusterPlace {
  readonly server: string;
  readonly namespace: string;
  /** By which kubectl finds the same cluster. */
  readonly flags: readonly string[];
}

/** The objects of one namespace. */
export class Cluster {
  readonly server: string;
  readonly namespace: string;
  readonly #flags: readonly string[];
  readonly #api: CustomObjectsApi;
  readonly #signal: AbortSignal;

  constructor(api: CustomObjectsApi, { server, namespace, flags }: ClusterPlace, signal: AbortSignal) {
    this.#flags = flags;
    this.server = server;
    this.namespace = namespace;
    this.#api = api;
    this.#signal = signal;
  }

  get = (kind: ObjectKind, name: string): Promise<unknown> =>
    this.#ask(kind, name, 'get', () => this.#api.getNamespacedCustomObject({ ...this.#place(kind), name }, this.#options()));

  /** Puts an object back as it was read, with changes. @returns `conflict` when it has changed since it was read */
  replace = (kind: ObjectKind, name: string, body: object): Promise<unknown> =>
    this.#ask(kind, name, 'update', () => this.#api.replaceNamespacedCustomObject({ ...this.#place(kind), name, body }, this.#options()));

  /** Pipes an object through a command and puts it back, from a shell: refused when it has changed in between, as `replace` is. */
  byHand({ group, version, plural }: ObjectKind, name: string, change: string): string {
    const kubectl = ['kubectl', ...this.#flags].map(shellWord).join(' ');
    const path = shellWord(`/apis/${group}/${version}/namespaces/${this.namespace}/${plural}/${name}`);
    return `${kubectl} get --raw ${path} | ${change} | ${kubectl} replace --raw ${path} -f -`;
  }

  #place = ({ group, version, plural }: ObjectKind) => ({ group, version, plural, namespace: this.namespace });

  /** The client takes a signal only from what stands between it and the network. */
  #options() {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(patienceMs)]);
    const pre = (request: RequestContext) => {
      request.setSignal(signal);
      return new Observable(Promise.resolve(request));
    };
    const post = (response: ResponseContext) => new Observable(Promise.resolve(response));
    return { middleware: [{ pre, post }], middlewareMergeStrategy: 'append' as const };
  }

  async #ask(kind: ObjectKind, name: string, verb: string, act: () => Promise<unknown>): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      if (this.#signal.aborted) throw error;
      if (error instanceof ApiException && error.code === 409) return conflict;
      throw error instanceof ApiException ? this.#refusal(error as ApiException<unknown>, kind, name, verb) : notAsked(this.server, error);
    }
  }

  #refusal(cause: ApiException<unknown>, { kind, plural, group, version }: ObjectKind, name: string, verb: string): StepError {
    const said = messageOf(cause.body);
    const resource = `${plural}.${group}`;
    switch (cause.code) {
      case 401:
        return new StepError('KUBERNETES_UNAUTHORIZED', `The cluster at ${this.server} does not know who asks.`, { hint: 'Renew the credentials of the context.', cause });
      case 403:
        return new StepError('KUBERNETES_FORBIDDEN', `Nobody allowed to ${verb} ${resource} in ${this.namespace}: ${said}.`, {
          hint: `Give whoever releases a role with the verbs get and update on ${resource}.`,
          cause,
        });
      case 404:
        return new StepError('KUBERNETES_ROUTE_UNKNOWN', `There is no ${kind} ${name} in the namespace ${this.namespace}.`, {
          hint: `See what is there with \`kubectl get ${resource} -n ${this.namespace}\`; the cluster has to know ${group}/${version}.`,
          cause,
        });
      default:
        return new StepError('KUBERNETES_REFUSED', `The cluster refuses to ${verb} the ${kind} ${name} (${cause.code}): ${said}.`, {
          hint: 'An admission webhook or the schema of the cluster may ask for something else.',
          retryable: cause.code === 429 || cause.code >= 500,
          cause,
        });
    }
  }
}

/** What `replace` gives when the object has changed since it was read. */
export const conflict = Symbol('conflict');

const patienceMs = 30_000;

/** No answer came; or it never came to a question, because the client could not make one, e.g. for want of a program that gives credentials. */
function notAsked(server: string, cause: unknown): StepError {
  const isNetwork = cause instanceof TypeError || cause instanceof DOMException;
  const because = cause instanceof DOMException ? 'it does not answer' : whyUnreachable(cause);
  return new StepError(isNetwork ? 'TRAFFIC_ROUTER_NOT_REACHED' : 'KUBERNETES_NOT_ASKED', `The cluster at ${server} could not be asked: ${because}.`, {
    hint: 'Check whether `kubectl` reaches it with the same context, from the same machine.',
    retryable: isNetwork,
    cause,
  });
}

/** The message of a `Status`, which comes as an object or as its JSON. */
function messageOf(body: unknown): string {
  const status: unknown = typeof body === 'string' ? parseJson(body) : body;
  const hasMessage = typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string';
  return hasMessage ? String(status.message) : 'it does not say why';
}
