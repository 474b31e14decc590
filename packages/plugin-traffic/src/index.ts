import { definePlugin } from 'relpipe/plugin';
import { embedded } from './routers/embedded/embedded.ts';
import { haproxy } from './routers/haproxy/haproxy.ts';
import { nginx } from './routers/nginx/nginx.ts';
import { routerPoint } from './routers/router.ts';
import { blueGreen } from './steps/blue-green.ts';
import { canary } from './steps/canary.ts';
import { preview } from './steps/preview.ts';
import { ready } from './steps/ready.ts';
import { router } from './steps/router.ts';
import { shift } from './steps/shift.ts';
import { verify } from './steps/verify.ts';

export default definePlugin({
  name: 'traffic',
  contract: 1,
  steps: { preview, ready, router, shift, verify },
  composites: { 'blue-green': blueGreen, canary },
  points: { router: routerPoint },
  provides: { 'traffic.router': { embedded, haproxy, nginx } },
});
