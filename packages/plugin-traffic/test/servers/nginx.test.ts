import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { needing } from '../../../../test/support/servers.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { waitUntil } from '../../../../test/support/wait-until.ts';
import { rollbackShift } from '../../src/shift/rollback-shift.ts';
import { sendRequests } from '../../src/testing/clients.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import { withRig, type World } from '../../src/testing/with-rig.ts';
import { openNginxRig, openPlainNginxRig, type NginxRig, type Upstream } from './support/nginx.ts';
import { realContext } from '../../src/testing/real-context.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';

interface NginxWorld extends World {
  readonly nginx: NginxRig;
  /** The same router with other settings. */
  readonly open: (changes: RigConfig) => ReturnType<World['rig']['provision']['open']>;
}

function withNginx(use: (world: NginxWorld) => Promise<void>, upstream?: Upstream): Promise<void> {
  let nginx: NginxRig | undefined;
  const open = async (urls: Parameters<typeof openPlainNginxRig>[0]) => (nginx = await openNginxRig(urls, upstream));
  return withRig(open, async (world) => {
    if (nginx === undefined) throw new Error('no nginx');
    const { rig, folder } = world;
    await use({ ...world, nginx, open: (changes) => rig.provision.open({ ...rig.config, ...changes }, realContext(folder)) });
  });
}

/** A command that calls nginx, but hangs where it is told to reload while the file `hang` is there; it ends with the folder. */
async function hangingCommand({ folder, nginx }: NginxWorld): Promise<{ readonly command: readonly string[]; readonly hang: string }> {
  const [program, hang] = [join(folder, 'hanging-nginx'), join(folder, 'hang')];
  await writeFile(program, `#!/bin/sh\ncase "$*" in *reload*) while [ -e ${hang} ]; do sleep 0.05; done;; esac\nexec "$@"\n`);
  await chmod(program, 0o700);
  await writeFile(hang, '');
  return { command: [program, ...nginx.command], hang };
}

/** As a rollback does, to so many percent. */
function goBack({ rig, folder, divide }: World, percent = 0, changes: RigConfig = {}): Promise<void> {
  const router = { name: 'nginx', open: () => rig.provision.open({ ...rig.config, ...changes }, realContext(folder)) };
  return rollbackShift({ router, ...rig.names, weight: 50 }, virtualContext({ saved: { weights: divide(percent) } }));
}

const shareOf = async ({ rig }: World): Promise<number> => ((await sendRequests(rig.url, 1000)).answers['candidate'] ?? 0) / 10;

test.for([
  ['resume', 40],
  ['abort', 10, '--reason', 'it was killed'],
] as const)('relpipe, killed between writing the file and the reload, is known for it: %s leads to %d percent', needing('nginx'), ([command, percent, ...reason]) =>
  withNginx(async (world) => {
    const { rig, router, nginx, candidate, give } = world;
    await give(10);
    const hanging = await hangingCommand(world);
    const pipeline = await pipelineIn(world, { router: { ...rig.config, command: hanging.command } });
    const run = pipeline.relpipe('run');
    await waitUntil(async () => (await readFile(nginx.site, 'utf8')).includes('weight=40'));
    run.child.kill('SIGKILL');
    await run.ended;

    expect(await router.read()).toMatchObject({ weights: world.divide(40), orElse: world.divide(10) });
    expect(await shareOf(world)).toBeCloseTo(10, -1);

    await rm(hanging.hang);
    const { output } = await pipeline.relpipe(command, ...reason).ended;
    expect(await candidate(), output).toBe(percent);
    expect((await router.read()).orElse).toBeUndefined();
    expect(Math.abs((await shareOf(world)) - percent)).toBeLessThan(6);
  }));

test('a configuration that nginx does not accept is put back, and nothing is changed', needing('nginx'), () =>
  withNginx(async ({ nginx, give, candidate, rig }) => {
    await give(10);
    const before = await readFile(nginx.site, 'utf8');
    const broken = join(nginx.folder, 'site-of-somebody-else');
    await writeFile(broken, 'server { listen nonsense; }\n');

    await expect(give(50)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_TEST_FAILED', message: containing('site-of-somebody-else:1') });

    expect(await readFile(nginx.site, 'utf8')).toBe(before);
    await rm(broken);
    expect(await candidate()).toBe(10);
    expect((await sendRequests(rig.url, 20)).drops).toEqual([]);
  }));

test('a way back that nginx does not accept is prepared for when it does, and says what a person can do until then', needing('nginx'), () =>
  withNginx(async (world) => {
    const { nginx, rig, give, divide, open } = world;
    await give(50);
    const broken = join(nginx.folder, 'site-of-somebody-else');
    await writeFile(broken, 'server { listen nonsense; }\n');

    const { stable, candidate } = rig.names;
    const reload = nginx.command.join(' ');
    const byHand = `By hand: write server ${stable} weight=100; server ${candidate} down; into the upstream shop in ${nginx.site}, then ${reload} -t && ${reload} -s reload`;
    const prepared = `At its next start it has ${stable} 100%, ${candidate} 0%, by the upstream shop in ${nginx.site}; what it serves until then is not known. ${byHand}`;
    await expect(goBack(world)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_TEST_FAILED', hint: containing(prepared) });
    expect(Math.abs((await shareOf(world)) - 50)).toBeLessThan(10);

    await rm(broken);
    expect(await (await open({})).read()).toMatchObject({ weights: divide(0), orElse: divide(50) });
    await goBack(world);
    expect((await (await open({})).read()).orElse).toBeUndefined();
    expect(await shareOf(world)).toBe(0);
  }));

test('an nginx that is only out of reach on the way back may serve the former weights until the way back reaches it', needing('nginx'), () =>
  withNginx(async (world) => {
    const { nginx, give, divide, open } = world;
    await give(50);
    const [pid, elsewhere] = [join(nginx.folder, 'nginx.pid'), join(nginx.folder, 'nginx.pid.away')];
    await rename(pid, elsewhere);

    await expect(goBack(world)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_NOT_REACHED', hint: containing('At its next start it has') });
    expect(Math.abs((await shareOf(world)) - 50)).toBeLessThan(10);

    await rename(elsewhere, pid);
    expect(await (await open({})).read()).toMatchObject({ weights: divide(0), orElse: divide(50) });
    await goBack(world);
    expect(await shareOf(world)).toBe(0);
    expect((await (await open({})).read()).orElse).toBeUndefined();
  }));

test('an nginx that dies on the way back, before it is told to reload, is prepared for its next start', needing('nginx'), () =>
  withNginx(async (world) => {
    const { nginx, give } = world;
    await give(50);
    const { command, hang } = await hangingCommand(world);

    const back = goBack(world, 0, { command: [...command] });
    await waitUntil(async () => (await readFile(nginx.site, 'utf8')).includes('down'));
    await nginx.life?.stop();
    await rm(hang);

    await expect(back).rejects.toMatchObject({ hint: containing('At its next start it has') });
    await nginx.life?.start();
    expect(await shareOf(world)).toBe(0);
  }));

test('a dead nginx whose file gives the candidate less by now is left as it is, and one with more loses it', needing('nginx'), () =>
  withNginx(async (world) => {
    const { nginx, give } = world;
    await give(50);
    await nginx.life?.stop();
    const text = await readFile(nginx.site, 'utf8');
    const givenBy = async (weights: string, back: number) => {
      await writeFile(nginx.site, text.replace(/server (\S+) weight=50;(\s*)server (\S+) weight=50;/, weights));
      await expect(goBack(world, back)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_NOT_REACHED' });
      return readFile(nginx.site, 'utf8');
    };

    const less = 'server $1 weight=97; # by somebody else\n  server $3 weight=3;';
    expect(await givenBy(less, 10)).toContain('weight=97; # by somebody else');
    const more = 'server $1 weight=20; # by somebody else\n  server $3 weight=80;';
    expect(await givenBy(more, 10)).toMatch(/weight=90; # by somebody else\n {2}server \S+ weight=10;/);
  }));

test('a file that a dead nginx does not read is left alone, and that is said', needing('nginx'), () =>
  withNginx(async (world) => {
    const { nginx, folder, give } = world;
    await give(50);
    await nginx.life?.stop();
    const copy = join(folder, 'site');
    await writeFile(copy, await readFile(nginx.site, 'utf8'));

    const { candidate } = world.rig.names;
    await expect(goBack(world, 0, { config: copy })).rejects.toMatchObject({ hint: containing(`Its next start may give ${candidate} traffic again: Nginx does not read ${copy}`) });
    expect(await readFile(copy, 'utf8')).toBe(await readFile(nginx.site, 'utf8'));
  }));

test('only the weights of the upstream change in the file, which keeps its mode', needing('nginx'), () =>
  withNginx(
    async ({ nginx, give }) => {
      await chmod(nginx.site, 0o640);
      const before = await readFile(nginx.site, 'utf8');
      await give(25);
      expect(await readFile(nginx.site, 'utf8')).toBe(before.replace('weight=100 max', 'weight=75 max').replace('  down', ' weight=25'));
      expect((await stat(nginx.site)).mode & 0o777).toBe(0o640);
    },
    (stable, candidate) => `  # who serves\n  server ${stable} weight=100 max_fails=0; # weight=100\n\n  server ${candidate}  down;`,
  ));

test('what lies beside the file is not read by nginx, even where it reads the whole folder', needing('nginx'), () =>
  withNginx(async ({ nginx, give }) => {
    await give(25);
    const beside = (await readdir(nginx.folder)).filter((name) => name.includes('relpipe') || name.includes('draft'));
    expect(beside).toEqual(['.site.relpipe-lock']);
  }));

test('with hash a user stays with a side while the weights stay, and nobody is left on a side without a share', needing('nginx'), () =>
  withNginx(
    async ({ rig, give }) => {
      const sides = () => Promise.all(Array.from({ length: 100 }, async (_, user) => (await fetch(`${rig.url}/?user=${user}`)).text()));
      await give(40);
      const first = await sides();
      expect(new Set(first)).toEqual(new Set(['stable', 'candidate']));
      expect(await sides()).toEqual(first);

      await give(0);
      expect(new Set(await sides())).toEqual(new Set(['stable']));
    },
    (stable, candidate) => `  hash $arg_user consistent;\n  server ${stable} weight=100;\n  server ${candidate} down;`,
  ));

test('mirrored requests go to the candidate beside the weights, and do not count in its share', needing('nginx'), () =>
  withNginx(async ({ nginx, rig, servers, router, give, candidate }) => {
    const { hostname, port } = new URL(servers.candidate.url);
    const site = (await readFile(nginx.site, 'utf8')).replace('  location / {', `  location = /mirror { internal; proxy_pass http://${hostname}:${port}; }\n  location / {\n    mirror /mirror;`);
    await writeFile(nginx.site, site);
    await give(10);
    const [before, counted] = [servers.candidate.requests, await router.measure?.()];

    const { answers, drops } = await sendRequests(rig.url, 500);

    expect({ drops, candidate: await candidate() }).toEqual({ drops: [], candidate: 10 });
    const served = answers['candidate'] ?? 0;
    // Nginx answers before the last mirrored requests have come to their end, and before it writes its log.
    await waitUntil(async () => servers.candidate.requests - before === 500 + served);
    const share = async (): Promise<number> => ((await router.measure?.())?.requests[rig.names.candidate] ?? 0) - (counted?.requests[rig.names.candidate] ?? 0);
    await waitUntil(async () => (await share()) >= served);
    expect(await share()).toBe(served);
  }));

test('a link to the file stays a link', needing('nginx'), () =>
  withNginx(async ({ nginx, folder, open, divide }) => {
    const link = join(folder, 'enabled');
    await symlink(nginx.site, link);
    const router = await open({ config: link });
    await router.write(divide(25), await router.read());
    expect(await readFile(nginx.site, 'utf8')).toContain('weight=25');
    expect(await readFile(link, 'utf8')).toBe(await readFile(nginx.site, 'utf8'));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  }));

test('of two releases that change the same file at once one is told of the other', needing('nginx'), () =>
  withNginx(async ({ open, divide, candidate }) => {
    const routers = [await open({}), await open({})] as const;
    const former = await routers[0].read();

    const both = await Promise.allSettled([routers[0].write(divide(20), former), routers[1].write(divide(30), former)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'TRAFFIC_DRIFT' } });
    expect(await candidate()).toBe(both[0].status === 'fulfilled' ? 20 : 30);
  }));

test('long connections go on with their former worker, and a change does not wait for them for ever', needing('nginx'), () =>
  withNginx(async ({ rig, open, divide }) => {
    const held = await fetch(`${rig.url}/held`);
    const router = await open({ 'old-workers': 300 });
    const said = await router.write(divide(100), await router.read());
    expect(said).toMatchObject({ weights: divide(100) });
    expect(said.orElse).toBeUndefined();
    await held.body?.cancel();
  }));

test.for([
  ['an upstream that is not there', { upstream: 'shops' }, 'TRAFFIC_NGINX_UPSTREAM_UNKNOWN'],
  ['a file that is not there', { config: '/nowhere/site' }, 'TRAFFIC_NGINX_FILE_NOT_FOUND'],
  ['a log that nginx does not write', { 'access-log': '/tmp/other.log' }, 'TRAFFIC_NGINX_LOG_UNUSABLE'],
] as const)('%s is said before anything is changed', needing('nginx'), ([, changes, code]) =>
  withNginx(async ({ open }) => {
    await expect(open(changes).then((router) => (router as { read(): Promise<unknown> }).read())).rejects.toMatchObject({ code });
  }));

test('a file that nginx does not read is refused: a change of it would have no effect', needing('nginx'), () =>
  withNginx(async ({ nginx, folder, open }) => {
    await mkdir(join(folder, 'old'));
    const copy = join(folder, 'old/site');
    await writeFile(copy, await readFile(nginx.site, 'utf8'));
    await expect(open({ config: copy }).then((router) => router.read())).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_FILE_NOT_READ' });
  }));
