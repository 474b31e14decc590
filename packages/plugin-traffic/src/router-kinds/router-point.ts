import { point, type Point } from 'relpipe/plugin';
import type { Router } from './router.ts';

/** The point `traffic.router`: what divides the traffic. A new member of `Router` that every router has to have raises the contract. */
export const routerPoint: Point = {
  summary: 'What divides the traffic between sides',
  contract: 1,
  elsewhere: { kong: '@relpipe/router-kong', istio: '@relpipe/router-kubernetes', 'gateway-api': '@relpipe/router-kubernetes' },
};

/** `router:` of a step: exactly one router, by the name under which it is provided. */
export const routerSetting = point<Router>('traffic.router', 'Which router divides the traffic');
