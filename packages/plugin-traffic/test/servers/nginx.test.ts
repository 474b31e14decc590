import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, test } from 'vitest';
import { rollbackShift } from '../../src/steps/shift.impl.ts';
import { sendRequests } from '../../src/testing/clients.ts';
import type { RouterFixture } from '../../src/testing/fixture.ts';
import { pipelineIn } from '../../src/testing/pipeline.ts';
import { realContext } from '../../src/testing/real-context.ts';
import type { RigConfig } from '../../src/testing/router-rig.ts';
import { withNginx, type NginxFixture } from './support/nginx.ts';

/** A command that calls nginx, but hangs in a reload while the file `hang` exists. */
async function hangingCommand({ folder, nginx }: NginxFixture): Promise<{ readonly command: readonly string[]; readonly hang: string }> {
  const [program, hang] = [join(folder, 'hanging-nginx'), join(folder, 'hang')];
  await writeFile(program, `#!/bin/sh\ncase "$*" in *reload*) while [ -e ${hang} ]; do sleep 0.05; done;; esac\nexec "$@"\n`);
  await chmod(program, 0o700);
  await writeFile(hang, '');
  return { command: [program, ...nginx.command], hang };
}

/** As the rollback of a shift, to so many percent. */
function rollBack({ rig, folder, divide }: RouterFixture, percent = 0, changes: RigConfig = {}): Promise<void> {
  const router = { name: 'nginx', open: () => rig.provision.open({ ...rig.config, ...changes }, realContext(folder)) };
  return rollbackShift({ router, ...rig.names, weight: 50 }, virtualContext({ saved: { router: 'of the run', weights: divide(percent), wanted: divide(50), written: true } }));
}

const shareOf = async ({ rig }: RouterFixture): Promise<number> => ((await sendRequests(rig.url, 1000)).answers['candidate'] ?? 0) / 10;

test.for([
  ['resume', 40],
  ['rollback', 10, '--reason', 'it was killed'],
] as const)('after relpipe was killed between writing the file of nginx and the reload, %s leads to %d percent', needing('nginx'), ([command, percent, ...reason]) =>
  withNginx(async (fixture) => {
    const { rig, router, nginx, candidate, give } = fixture;
    await give(10);
    const hanging = await hangingCommand(fixture);
    const pipeline = await pipelineIn(fixture, { router: { ...rig.config, command: hanging.command } });
    const run = pipeline.relpipe('run');
    await waitUntil(async () => (await readFile(nginx.site, 'utf8')).includes('weight=40'));
    run.child.kill('SIGKILL');
    await run.ended;

    expect(await router.read()).toMatchObject({ weights: fixture.divide(40), possibleWeights: fixture.divide(10) });
    expect(await shareOf(fixture)).toBeCloseTo(10, -1);

    await rm(hanging.hang);
    const { output } = await pipeline.relpipe(command, ...reason).ended;
    expect(await candidate(), output).toBe(percent);
    expect((await router.read()).possibleWeights).toBeUndefined();
    expect(Math.abs((await shareOf(fixture)) - percent)).toBeLessThan(6);
  }));

test('a configuration that nginx rejects is reverted, and nothing is changed', needing('nginx'), () =>
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

test('a rollback that nginx rejects is prepared for its next start, and prints the manual rollback', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, rig, give, divide, open } = fixture;
    await give(50);
    const broken = join(nginx.folder, 'site-of-somebody-else');
    await writeFile(broken, 'server { listen nonsense; }\n');

    const { stable, candidate } = rig.names;
    const reload = nginx.command.join(' ');
    const manualCommand = `Manual rollback: write server ${stable} weight=100; server ${candidate} down; into the upstream shop in ${nginx.site}, then ${reload} -t && ${reload} -s reload`;
    const prepared = `At its next start it has ${stable} 100%, ${candidate} 0%, by the upstream shop in ${nginx.site}; what it serves until then is unknown. ${manualCommand}`;
    await expect(rollBack(fixture)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_TEST_FAILED', hint: containing(prepared) });
    expect(Math.abs((await shareOf(fixture)) - 50)).toBeLessThan(10);

    await rm(broken);
    expect(await (await open({})).read()).toMatchObject({ weights: divide(0), possibleWeights: divide(50) });
    await rollBack(fixture);
    expect((await (await open({})).read()).possibleWeights).toBeUndefined();
    expect(await shareOf(fixture)).toBe(0);
  }));

test('an nginx that was only out of reach during a rollback may serve the previous weights until a rollback reaches it', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, give, divide, open } = fixture;
    await give(50);
    const [pid, elsewhere] = [join(nginx.folder, 'nginx.pid'), join(nginx.folder, 'nginx.pid.away')];
    await rename(pid, elsewhere);

    await expect(rollBack(fixture)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_NOT_REACHED', hint: containing('At its next start it has') });
    expect(Math.abs((await shareOf(fixture)) - 50)).toBeLessThan(10);

    await rename(elsewhere, pid);
    expect(await (await open({})).read()).toMatchObject({ weights: divide(0), possibleWeights: divide(50) });
    await rollBack(fixture);
    expect(await shareOf(fixture)).toBe(0);
    expect((await (await open({})).read()).possibleWeights).toBeUndefined();
  }));

test('an nginx that dies during a rollback, before the reload, is prepared for its next start', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, give } = fixture;
    await give(50);
    const { command, hang } = await hangingCommand(fixture);

    const back = rollBack(fixture, 0, { command: [...command] });
    await waitUntil(async () => (await readFile(nginx.site, 'utf8')).includes('down'));
    await nginx.routerProcess?.stop();
    await rm(hang);

    await expect(back).rejects.toMatchObject({ hint: containing('At its next start it has') });
    await nginx.routerProcess?.start();
    expect(await shareOf(fixture)).toBe(0);
  }));

test('a dead nginx whose file somebody else has changed keeps those weights', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, give } = fixture;
    await give(50);
    await nginx.routerProcess?.stop();
    const text = await readFile(nginx.site, 'utf8');
    const givenBy = async (weights: string, back: number) => {
      await writeFile(nginx.site, text.replace(/server (\S+) weight=50;(\s*)server (\S+) weight=50;/, weights));
      await expect(rollBack(fixture, back)).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_NOT_REACHED' });
      return readFile(nginx.site, 'utf8');
    };

    const less = 'server $1 weight=97; # by somebody else\n  server $3 weight=3;';
    expect(await givenBy(less, 10)).toContain('weight=97; # by somebody else');
    const more = 'server $1 weight=20; # by somebody else\n  server $3 weight=80;';
    expect(await givenBy(more, 10)).toMatch(/weight=20; # by somebody else\n {2}server \S+ weight=80;/);
  }));

test('a file that a dead nginx does not read is left alone, and the rollback reports it', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, folder, give } = fixture;
    await give(50);
    await nginx.routerProcess?.stop();
    const copy = join(folder, 'site');
    await writeFile(copy, await readFile(nginx.site, 'utf8'));

    const { candidate } = fixture.rig.names;
    await expect(rollBack(fixture, 0, { config: copy })).rejects.toMatchObject({ hint: containing(`After its next start it may send traffic to ${candidate} again: Nginx does not read ${copy}`) });
    expect(await readFile(copy, 'utf8')).toBe(await readFile(nginx.site, 'utf8'));
  }));

test('a change of weights changes only them in the file of nginx, and keeps its mode', needing('nginx'), () =>
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

test('the files that relpipe writes beside the configuration are not read by nginx, even where it reads the whole folder', needing('nginx'), () =>
  withNginx(async ({ nginx, give }) => {
    await give(25);
    const beside = (await readdir(nginx.folder)).filter((name) => name.includes('relpipe') || name.includes('draft'));
    expect(beside).toEqual(['.site.relpipe-lock']);
  }));

test('with hash in nginx, a user stays on a side while the weights stay, and nobody stays on a side without a share', needing('nginx'), () =>
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

test('requests that nginx mirrors to the candidate do not count in its share', needing('nginx'), () =>
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

test('a link to the file of nginx stays a link', needing('nginx'), () =>
  withNginx(async ({ nginx, folder, open, divide }) => {
    const link = join(folder, 'enabled');
    await symlink(nginx.site, link);
    const router = await open({ config: link });
    await router.write(divide(25), await router.read());
    expect(await readFile(nginx.site, 'utf8')).toContain('weight=25');
    expect(await readFile(link, 'utf8')).toBe(await readFile(nginx.site, 'utf8'));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  }));

test('of two releases that change the same file of nginx at once one fails with drift', needing('nginx'), () =>
  withNginx(async ({ open, divide, candidate }) => {
    const routers = [await open({}), await open({})] as const;
    const previous = await routers[0].read();

    const both = await Promise.allSettled([routers[0].write(divide(20), previous), routers[1].write(divide(30), previous)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'TRAFFIC_DRIFT' } });
    expect(await candidate()).toBe(both[0].status === 'fulfilled' ? 20 : 30);
  }));

test('long connections stay with the previous workers of nginx, and a change does not wait for them forever', needing('nginx'), () =>
  withNginx(async ({ rig, open, divide }) => {
    const held = await fetch(`${rig.url}/held`);
    const router = await open({ 'old-workers': 300 });
    const reported = await router.write(divide(100), await router.read());
    expect(reported).toMatchObject({ weights: divide(100) });
    expect(reported.possibleWeights).toBeUndefined();
    await held.body?.cancel();
  }));

test.for([
  ['an upstream that does not exist', { upstream: 'shops' }, 'TRAFFIC_NGINX_UPSTREAM_UNKNOWN'],
  ['a file that does not exist', { config: '/nowhere/site' }, 'TRAFFIC_NGINX_FILE_NOT_FOUND'],
  ['a log that is not written', { 'access-log': '/tmp/other.log' }, 'TRAFFIC_NGINX_LOG_UNUSABLE'],
] as const)('%s of nginx is reported before anything is changed', needing('nginx'), ([, changes, code]) =>
  withNginx(async ({ open }) => {
    await expect(open(changes).then((router) => (router as { read(): Promise<unknown> }).read())).rejects.toMatchObject({ code });
  }));

test('a file that nginx does not read is refused, because a change of it would have no effect', needing('nginx'), () =>
  withNginx(async ({ nginx, folder, open }) => {
    await mkdir(join(folder, 'old'));
    const copy = join(folder, 'old/site');
    await writeFile(copy, await readFile(nginx.site, 'utf8'));
    await expect(open({ config: copy }).then((router) => router.read())).rejects.toMatchObject({ code: 'TRAFFIC_NGINX_FILE_NOT_READ' });
  }));
