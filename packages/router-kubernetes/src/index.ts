import { definePlugin } from 'relpipe/plugin';
import { gatewayApi } from './gateway-api.ts';
import { istio } from './istio.ts';

export default definePlugin({ name: 'kubernetes', contract: 1, provides: { 'traffic.router': { 'gateway-api': gatewayApi, istio } } });
