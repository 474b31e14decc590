import { resolve } from 'node:path';
import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { Cluster } from './cluster.ts';
import type { ClusterSettings } from './cluster-settings.ts';

/** Finds the cluster as kubectl does; nothing is asked of it yet. @throws {StepError} `KUBERNETES_CONFIG_UNREADABLE`, `KUBERNETES_CONTEXT_UNKNOWN` */
export function connectCluster({ namespace, context, kubeconfig }: ClusterSettings, { workdir, signal }: ReadContext): Cluster {
  const config = new KubeConfig();
  const file = kubeconfig === undefined ? undefined : resolve(workdir, kubeconfig);
  load(config, file);
  if (context !== undefined && config.getContextObject(context) === null) throw contextUnknown(context, config);
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw contextUnknown(config.getCurrentContext(), config);
  const home = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  return new Cluster(config.makeApiClient(CustomObjectsApi), { server, namespace: namespace ?? home, flags: [...(file === undefined ? [] : ['--kubeconfig', file]), ...(context === undefined ? [] : ['--context', context])] }, signal);
}

function load(config: KubeConfig, file: string | undefined): void {
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new StepError('KUBERNETES_CONFIG_UNREADABLE', `The kubeconfig cannot be read: ${because}`, {
      hint: 'Name another file under `kubeconfig`, or set KUBECONFIG.',
      cause,
    });
  }
}

function contextUnknown(context: string, config: KubeConfig): StepError {
  const known = config.getContexts().map(({ name }) => name);
  return new StepError('KUBERNETES_CONTEXT_UNKNOWN', `The kubeconfig has no context "${context}" with a cluster.`, {
    hint: known.length === 0 ? 'It has none at all.' : `It has ${known.join(', ')}.`,
  });
}
