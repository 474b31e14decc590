import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { needing } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { runShift, verifyShift } from '../../src/steps/shift.impl.ts';
import { sendRequests } from '../../src/testing/clients.ts';
import { realContext } from '../../src/testing/real-context.ts';
import { joinSides } from '../../src/weights/join-sides.ts';
import type { SideSetting } from '../../src/weights/side-setting.ts';
import { withNginx, type NginxFixture } from './support/nginx.ts';

interface Changes {
  readonly stable?: SideSetting;
  readonly candidate?: SideSetting;
  readonly config?: string;
}

/** A shift to 25 % that does not wait until its share is measured: the tests send the requests. */
function shift({ rig, nginx, folder }: NginxFixture, { stable = rig.names.stable, candidate = rig.names.candidate, config = nginx.site }: Changes = {}) {
  const settings = { config, upstream: 'shop', command: [...nginx.command] };
  const router = { name: 'nginx', open: () => rig.provision.open(settings, realContext(folder)) };
  return joinSides({ router, stable, candidate, weight: 25 });
}

const verify = (fixture: NginxFixture, changes?: Changes) => verifyShift(shift(fixture, changes), virtualContext());

const served = async ({ rig }: NginxFixture) => ((await sendRequests(rig.url, 400)).answers['candidate'] ?? 0) / 4;

test('lines of nginx with one address are one side: its weights are read and written together', needing('nginx'), () =>
  withNginx(
    async (fixture) => {
      expect((await fixture.router.read()).weights).toEqual(fixture.divide(50));

      expect(await runShift(shift(fixture), virtualContext())).toMatchObject({ previous: 50, weight: 25 });

      expect(await readFile(fixture.nginx.site, 'utf8')).toMatch(/weight=6;\n.*server \S+ weight=1;\n.*server \S+ weight=1;\n.*server \S+ weight=9 down;/);
      expect(Math.abs((await served(fixture)) - 25)).toBeLessThan(6);
    },
    (stable, candidate) => `  server ${stable} weight=3;\n  server ${candidate};\n  server ${candidate} weight=2;\n  server ${candidate} weight=9 down;`,
  ));

test('a side of nginx may be several servers: the share holds for them together, and their proportions stay', needing('nginx'), () =>
  withNginx(
    async (fixture) => {
      const second = fixture.rig.names.stable.replace('127.0.0.1', 'localhost');

      await runShift(shift(fixture, { stable: [fixture.rig.names.stable, second] }), virtualContext());

      expect(await readFile(fixture.nginx.site, 'utf8')).toMatch(/weight=50;\n.*server localhost\S+ weight=25;\n.*server \S+ weight=25;/);
      expect(Math.abs((await served(fixture)) - 25)).toBeLessThan(6);
    },
    (stable, candidate) => `  server ${stable} weight=4;\n  server ${stable.replace('127.0.0.1', 'localhost')} weight=2;\n  server ${candidate} down;`,
  ));

test('servers that come by include are refused before the run, and their file may be named as the configuration', needing('nginx'), () =>
  withNginx(async (fixture) => {
    const { nginx, rig, folder } = fixture;
    const { stable, candidate } = rig.names;
    await mkdir(join(folder, 'upstreams'));
    const [servers, more] = [join(folder, 'upstreams/servers.inc'), join(folder, 'upstreams/more.inc')];
    const site = await readFile(nginx.site, 'utf8');
    const includeIn = async (lines: string) => {
      await writeFile(nginx.site, site.replace(/upstream shop \{[^}]*\}/, `upstream shop {\n${lines}\n}`));
      await runCommand(nginx.command[0] ?? '', [...nginx.command.slice(1), '-s', 'reload']);
    };
    await writeFile(servers, `server ${stable} weight=9;\nserver ${candidate} down; # next\n`);
    await writeFile(more, 'server 127.0.0.1:1 weight=3;\n');
    await includeIn(`  include ${servers};`);

    expect(await verify(fixture)).toMatchObject([
      { level: 'error', code: 'TRAFFIC_NGINX_SERVERS_INCLUDED', message: containing(`\`include ${servers};\`, in line 3`), hint: containing('Set `config` to that file') },
    ]);
    expect(await verify(fixture, { config: servers })).toEqual([]);
    expect(await runShift(shift(fixture, { config: servers }), virtualContext())).toMatchObject({ weight: 25 });
    expect(await readFile(servers, 'utf8')).toBe(`server ${stable} weight=75;\nserver ${candidate} weight=25; # next\n`);
    expect(Math.abs((await served(fixture)) - 25)).toBeLessThan(6);

    for (const lines of [`  include ${servers};\n  server 127.0.0.1:1 weight=3;`, `  include ${folder}/upstreams/*.inc;`]) {
      await includeIn(lines);
      expect(await verify(fixture, { config: servers })).toMatchObject([{ code: 'TRAFFIC_NGINX_SERVERS_INCLUDED' }]);
    }
    await includeIn(`  include ${more};`);
    await writeFile(join(nginx.folder, 'site-of-somebody-else'), `upstream other { include ${servers}; }`);
    expect(await verify(fixture, { config: servers })).toMatchObject([{ code: 'TRAFFIC_NGINX_FILE_NOT_READ', message: containing('does not include') }]);
  }));

test('a backup server of nginx has no share, and is refused as candidate before the run', needing('nginx'), () =>
  withNginx(
    async (fixture) => {
      expect(await verify(fixture)).toMatchObject([{ level: 'error', code: 'TRAFFIC_SIDE_NOT_READY', message: containing('is a backup server') }]);
      await expect(fixture.give(25)).rejects.toMatchObject({ code: 'TRAFFIC_SIDE_NOT_READY' });
      expect(await fixture.candidate()).toBe(0);
    },
    (stable, candidate) => `  server ${stable};\n  server ${candidate} backup;`,
  ));

test('before a shift through nginx with a hash, a warning says that the share is one of users', needing('nginx'), () =>
  withNginx(
    async (fixture) => {
      expect(await verify(fixture)).toMatchObject([{ level: 'warning', code: 'TRAFFIC_SHARE_UNEVEN', message: containing('`hash $arg_user consistent`') }]);
    },
    (stable, candidate) => `  hash $arg_user consistent;\n  server ${stable} weight=100;\n  server ${candidate} down;`,
  ));
