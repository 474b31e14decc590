import { resolve } from 'node:path';
import { ApiException, CustomObjectsApi, KubeConfig, Observable, type RequestContext, type ResponseContext } from '@kubernetes/client-node';
import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';
import { isTransient, messageOf, parseJson, shellWord, whyUnreachable } from 'relpipe/plugin/toolkit';
import type { ClusterSettings } from './settings.ts';

/**
 * Finds the cluster as kubectl does, and does not contact it yet.
 * @throws {StepError} `KUBERNETES_CONFIG_UNREADABLE`, `KUBERNETES_CONTEXT_UNKNOWN`
 */
export function connectCluster({ namespace, context, kubeconfig }: ClusterSettings, { workdir, signal }: ReadContext): Cluster {
  const config = new KubeConfig();
  const file = kubeconfig === undefined ? undefined : resolve(workdir, kubeconfig);
  load(config, file);
  if (context !== undefined && config.getContextObject(context) === null) throw contextUnknown(context, config);
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw contextUnknown(config.getCurrentContext(), config);
  const home = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  const flags = [...(file === undefined ? [] : ['--kubeconfig', file]), ...(context === undefined ? [] : ['--context', context])];
  return new Cluster(config.makeApiClient(CustomObjectsApi), { server, namespace: namespace ?? home, flags }, signal);
}

function load(config: KubeConfig, file: string | undefined): void {
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    const because = messageOf(cause);
    throw new StepError('KUBERNETES_CONFIG_UNREADABLE', `The kubeconfig cannot be read: ${because}`, {
      hint: 'Set `kubeconfig` to another file, or set KUBECONFIG.',
      cause,
    });
  }
}

function contextUnknown(context: string, config: KubeConfig): StepError {
  const known = config.getContexts().map(({ name }) => name);
  return new StepError('KUBERNETES_CONTEXT_UNKNOWN', `The kubeconfig has no context "${context}" with a cluster.`, {
    hint:
      known.length === 0
        ? 'The kubeconfig has no contexts: set `kubeconfig` to another file.'
        : `Use one of its contexts: ${known.join(', ')}.`,
  });
}

/** A kind of custom object, that is, not part of Kubernetes itself. */
export interface ObjectKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** As in its manifest, e.g. `HTTPRoute`. */
  readonly kind: string;
}

interface ClusterAddress {
  readonly server: string;
  readonly namespace: string;
  /** With these, kubectl finds the same cluster. */
  readonly flags: readonly string[];
}

/** The objects of one namespace. */
export class Cluster {
  readonly server: string;
  readonly namespace: string;
  readonly #flags: readonly string[];
  readonly #api: CustomObjectsApi;
  readonly #signal: AbortSignal;

  constructor(api: CustomObjectsApi, { server, namespace, flags }: ClusterAddress, signal: AbortSignal) {
    this.#flags = flags;
    this.server = server;
    this.namespace = namespace;
    this.#api = api;
    this.#signal = signal;
  }

  get = (kind: ObjectKind, name: string): Promise<unknown> =>
    this.#ask(kind, name, 'get', () => this.#api.getNamespacedCustomObject({ ...this.#path(kind), name }, this.#options()));

  /** Writes an object back that was read and changed. @returns `conflict` when it has changed since it was read */
  replace = (kind: ObjectKind, name: string, body: object): Promise<unknown> =>
    this.#ask(kind, name, 'update', () => this.#api.replaceNamespacedCustomObject({ ...this.#path(kind), name, body }, this.#options()));

  /** Asks whether it would be written; nothing is changed. A webhook that cannot answer that is not an objection. */
  async rehearse(kind: ObjectKind, name: string, body: object): Promise<void> {
    const path = { ...this.#path(kind), name, body, dryRun: 'All' };
    try {
      await this.#ask(kind, name, 'update', () => this.#api.replaceNamespacedCustomObject(path, this.#options()));
    } catch (error) {
      if (!isStepError(error) || !/does not support dry.?run/i.test(error.message)) throw error;
    }
  }

  /** A shell command that pipes an object through `change` and writes it back. Refused when it has changed in between, as in `replace`. */
  manualCommand({ group, version, plural }: ObjectKind, name: string, change: string): string {
    const kubectl = ['kubectl', ...this.#flags].map(shellWord).join(' ');
    const path = shellWord(`/apis/${group}/${version}/namespaces/${this.namespace}/${plural}/${name}`);
    return `${kubectl} get --raw ${path} | ${change} | ${kubectl} replace --raw ${path} -f -`;
  }

  #path = ({ group, version, plural }: ObjectKind) => ({ group, version, plural, namespace: this.namespace });

  /** The client accepts a signal only from a middleware. */
  #options() {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answersWithinMs)]);
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
      throw error instanceof ApiException
        ? this.#errorFor(error as ApiException<unknown>, kind, name, verb)
        : notReached(this.server, error);
    }
  }

  #errorFor(cause: ApiException<unknown>, { kind, plural, group, version }: ObjectKind, name: string, verb: string): StepError {
    const message = reasonIn(cause.body);
    const resource = `${plural}.${group}`;
    switch (cause.code) {
      case 401:
        return new StepError('KUBERNETES_UNAUTHORIZED', `The cluster at ${this.server} does not accept the credentials.`, {
          hint: 'Renew the credentials of the context.',
          cause,
        });
      case 403:
        return new StepError('KUBERNETES_FORBIDDEN', `The credentials do not permit "${verb}" on ${resource} in ${this.namespace}: ${message}.`, {
          hint: `Bind the user of the release to a role with the verbs get and update on ${resource}.`,
          cause,
        });
      case 404:
        return new StepError('KUBERNETES_ROUTE_UNKNOWN', `There is no ${kind} ${name} in the namespace ${this.namespace}.`, {
          hint: `List them with \`kubectl get ${resource} -n ${this.namespace}\`; the cluster must support ${group}/${version}.`,
          cause,
        });
      default:
        return new StepError('KUBERNETES_REFUSED', `The cluster refuses to ${verb} the ${kind} ${name} (${cause.code}): ${message}.`, {
          hint: 'Correct what the message names: an admission webhook or the schema of the cluster rejected the object.',
          retryable: isTransient(cause.code),
          cause,
        });
    }
  }
}

/** The result of `replace` when the object has changed since it was read. */
export const conflict = Symbol('conflict');

const answersWithinMs = 30_000;

/** The cluster did not answer; or the client could not send the request, e.g. because the program for the credentials is missing. */
function notReached(server: string, cause: unknown): StepError {
  const isNetwork = cause instanceof TypeError || cause instanceof DOMException;
  const because = cause instanceof DOMException ? 'it does not answer' : whyUnreachable(cause);
  return new StepError(
    isNetwork ? 'TRAFFIC_ROUTER_NOT_REACHED' : 'KUBERNETES_CLIENT_FAILED',
    `The cluster at ${server} cannot be reached: ${because}.`,
    {
      hint: 'Check that `kubectl` reaches it with the same context, from the same machine.',
      retryable: isNetwork,
      cause,
    },
  );
}

/** The message of a `Status`, which comes as an object or as its JSON. */
function reasonIn(body: unknown): string {
  const status: unknown = typeof body === 'string' ? parseJson(body) : body;
  const hasMessage = typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string';
  return hasMessage ? String(status.message) : 'no reason given';
}
