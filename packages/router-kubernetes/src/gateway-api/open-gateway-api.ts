import type { Router } from '@relpipe/plugin-traffic/router';
import type { ReadContext } from 'relpipe/plugin';
import { connectCluster } from '../cluster/connect-cluster.ts';
import { RouteRouter } from '../route/route-router.ts';
import type { GatewayApiConfig } from './gateway-api-config.ts';
import { httpRoute } from './http-route.ts';

export async function openGatewayApi(config: GatewayApiConfig, context: ReadContext): Promise<Router> {
  const cluster = connectCluster(config, context);
  return new RouteRouter(cluster, httpRoute(config.rule, cluster.namespace), config['http-route'], config, context);
}
