import { definePlugin } from 'relpipe/plugin';
import { blueGreen } from './blue-green/blue-green.ts';
import { canary } from './canary/canary.ts';
import { confirm } from './confirm/confirm.ts';
import { ensureRouter } from './ensure-router/ensure-router.ts';
import { embedded } from './router-kinds/embedded/embedded.ts';
import { haproxy } from './router-kinds/haproxy/haproxy.ts';
import { nginx } from './router-kinds/nginx/nginx.ts';
import { routerPoint } from './router-kinds/router-point.ts';
import { ready } from './ready/ready.ts';
import { shift } from './shift/shift.ts';
import { noTesters, testers } from './testers/testers.ts';

export default definePlugin({
  name: 'traffic',
  contract: 1,
  steps: { confirm, 'no-testers': noTesters, ready, router: ensureRouter, shift, testers },
  composites: { 'blue-green': blueGreen, canary },
  points: { router: routerPoint },
  provides: { 'traffic.router': { embedded, haproxy, nginx } },
});
