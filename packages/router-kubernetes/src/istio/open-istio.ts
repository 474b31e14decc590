import type { Router } from '@relpipe/plugin-traffic/router';
import type { ReadContext } from 'relpipe/plugin';
import { connectCluster } from '../cluster/connect-cluster.ts';
import { RouteRouter } from '../route/route-router.ts';
import type { IstioConfig } from './istio-config.ts';
import { virtualService } from './virtual-service.ts';

export const openIstio = async (config: IstioConfig, context: ReadContext): Promise<Router> =>
  new RouteRouter(connectCluster(config, context), virtualService(config.route), config['virtual-service'], config, context);
