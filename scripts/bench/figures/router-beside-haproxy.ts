import { join } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { DemoEnvironment } from '../../demo/demo-environment.ts';
import type { BenchFolder } from '../measure/bench-folder.ts';
import { type Figure, figureOf, log } from '../measure/figure.ts';
import { isInstalled, loadTest, type LoadTest, startListening } from '../measure/native-programs.ts';
import { sideBySide, type Pair } from '../measure/side-by-side.ts';

const rounds = 5;
const seconds = 3;

/** The embedded router beside HAProxy with one thread: both send half of the requests to each of two servers that answer at once. */
export async function routerBesideHaproxy(bench: BenchFolder): Promise<readonly Figure[]> {
  const missing = [['haproxy', '-v'], ['wrk', '-v']].filter(([program = '', argument = '']) => !isInstalled(program, argument)).map(([program]) => program);
  if (missing.length > 0) {
    log(`  left out: ${missing.join(' and ')} not installed; on Debian: sudo apt-get install ${missing.join(' ')}`);
    return [];
  }
  const environment = new DemoEnvironment();
  const stops: (() => Promise<void>)[] = [];
  const haproxy = async (name: string, port: number, body: string): Promise<void> => {
    const folder = bench.write('haproxy', { [`${name}.cfg`]: `${common}${body}` });
    stops.push(await startListening('haproxy', ['-db', '-f', join(folder, `${name}.cfg`)], port));
  };
  try {
    const [a, b, proxy] = [await freePort(), await freePort(), await freePort()];
    await haproxy('servers', a, answering(a) + answering(b));
    await haproxy('proxy', proxy, balancing(proxy, [a, b]));
    const router = await startRouter(environment, [a, b]);
    const measured = await sideBySide(
      rounds,
      () => loadTest(router, seconds),
      async () => ({ haproxy: await loadTest(urlOf(proxy), seconds), direct: await loadTest(urlOf(a), seconds) }),
    );
    return figures(measured);
  } finally {
    await environment.stop();
    for (const stop of stops) await stop();
  }
}

type Round = readonly [LoadTest, { readonly haproxy: LoadTest; readonly direct: LoadTest }];

const figures = (measured: readonly Round[]): readonly Figure[] => [
  figureOf(
    { name: 'router-requests', unit: 'requests/s', peer: 'HAProxy, one thread', target: 0.5, better: 'higher' },
    measured.map(([ours, { haproxy }]) => ({ value: ours.requestsPerSecond, peerValue: haproxy.requestsPerSecond })),
  ),
  figureOf(
    { name: 'router-added-p99', unit: 'ms', peer: 'HAProxy, one thread', target: 3, better: 'lower' },
    [addedP99(measured)],
  ),
];

/** What the proxies add to the servers' own p99. A machine with other work only ever makes a round slower, so the best round of each counts. */
function addedP99(measured: readonly Round[]): Pair {
  const best = (p99Of: (round: Round) => number): number => Math.min(...measured.map(p99Of));
  const direct = best(([, peer]) => peer.direct.p99Ms);
  const added = (p99Ms: number): number => Math.max(least, p99Ms - direct);
  return { value: added(best(([ours]) => ours.p99Ms)), peerValue: added(best(([, peer]) => peer.haproxy.p99Ms)) };
}

/** In milliseconds; smaller differences cannot be distinguished from noise. */
const least = 0.1;

async function startRouter(environment: DemoEnvironment, [a, b]: readonly [number, number]): Promise<string> {
  const sides = ['--side', `a=${urlOf(a)}`, '--side', `b=${urlOf(b)}`, '--weights', 'a=50,b=50'];
  const state = join(environment.folder, 'router.json');
  const router = environment.start({ name: 'relpipe-router', args: ['packages/plugin-traffic/dist/router/bin.js', ...sides, '--state', state] });
  const [, url = ''] = await router.line(/listening on (http:[^\s,]+)/);
  return url;
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

const common = `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
`;

const answering = (port: number): string => `frontend server-${port}
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string "Hello"
`;

const balancing = (port: number, servers: readonly number[]): string => `frontend proxy
  bind 127.0.0.1:${port}
  default_backend servers
backend servers
  http-reuse always
${servers.map((server) => `  server s${server} 127.0.0.1:${server} weight 50`).join('\n')}
`;
