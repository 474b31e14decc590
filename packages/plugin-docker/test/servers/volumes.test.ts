import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { realDocker, type RealDocker } from '@relpipe/testing/real-docker';
import { needing } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { sha256Of } from '@relpipe/testing/scratch-folder';
import { probeOf, rollbackOf } from '@relpipe/testing/step-verbs';
import { expect, onTestFinished, test } from 'vitest';
import { backup, type BackedUp, type BackupState } from '../../src/backup/backup.ts';
import { idLabel, shortKey } from '../../src/docker/containers.ts';
import { restore, type Restored, type RestoreState } from '../../src/restore/restore.ts';

const probeBackup = probeOf(backup);
const probeRestore = probeOf(restore);
const rollback = rollbackOf(restore);

const needed = needing('docker-engine', 'busybox');

interface Volumes extends RealDocker {
  readonly volume: string;
  /** Runs a script of busybox with the volume at /data. */
  inVolume(script: string, volume?: string): Promise<string>;
}

async function volumes(): Promise<Volumes> {
  const given = realDocker();
  const [volume, image] = [`v-${given.id}`, `t-${given.id}:1`];
  given.writeImage();
  await given.docker('build', '--quiet', '--tag', image, '.');
  onTestFinished(async () => {
    await given.docker('volume', 'rm', '--force', volume, `${volume}-2`);
    await given.docker('image', 'rm', '--force', image);
  });
  return {
    ...given,
    volume,
    inVolume: (script, name = volume) => given.docker('run', '--rm', '--volume', `${name}:/data`, '--workdir', '/data', image, 'sh', '-c', script),
  };
}

/** Everything a volume may contain. */
const variety = [
  'echo one > file; chmod 640 file; chown 1234:55 file',
  'mkdir -p a/deep; echo two > a/deep/file; chmod 2755 a; ln -s ../file a/link; ln file hard; touch -d "2001-02-03 04:05:06" a/deep/file',
  'echo "with a space" > "a name"; printf "" > empty; mkdir nothing; chmod 4755 empty; chown 7:8 .; mkfifo fifo',
].join('; ');

const listing = 'ls -lanR --full-time . | grep -v "^total" | grep -v " [.][.]$"; cat file a/link a/deep/file "a name"';

test('a backup restores modes, owners, times and links, its restore can be rolled back, and a damaged backup is refused', needed, async () => {
  const given = await volumes();
  await given.inVolume(variety);
  const before = await given.inVolume(listing);
  const run = given.context<BackupState, BackedUp>();
  const done = await backup.run({ volumes: [given.volume], to: 'backups' }, run);
  const archive = join(given.folder, done.folder, `${given.volume}.tar.gz`);
  expect(done).toMatchObject({ digests: { [given.volume]: sha256Of(archive) }, commit: null, tag: null, removed: [] });
  expect(run.states).toEqual([{ folder: done.folder }]);
  expect(run.lines.join()).toContain('a scratch volume restored from them is the same');
  expect(await probeBackup({ volumes: [given.volume], to: 'backups' }, given.context<BackupState, BackedUp>({ saved: run.states[0]! }))).toEqual({ found: 'done', output: done });

  await given.inVolume('rm -rf a; echo changed > file; echo more > more');
  const changed = await given.inVolume('cat file more; ls');
  const restoring = given.context<RestoreState, Restored>();
  expect(await restore.run({ backup: done.folder }, restoring)).toMatchObject({ volumes: [given.volume] });
  expect(await given.inVolume(listing)).toBe(before);
  const saved = restoring.states[0]!;
  expect(await probeRestore({ backup: done.folder }, given.context<RestoreState, Restored>({ saved }))).toMatchObject({ found: 'done' });
  for (let time = 0; time < 2; time += 1) {
    await rollback({ backup: done.folder }, given.context<RestoreState, Restored>({ saved }));
    expect(await given.inVolume('cat file more; ls')).toBe(changed);
  }

  writeFileSync(archive, 'damaged');
  await expect(restore.run({ backup: done.folder }, given.context<RestoreState, Restored>())).rejects.toMatchObject({ code: 'DOCKER_BACKUP_DAMAGED' });
  expect(await given.inVolume('cat file more; ls')).toBe(changed);
  // Other tests have scratch volumes, too: only those of this step count.
  expect(await given.docker('volume', 'ls', '--quiet', '--filter', `label=${idLabel}=${shortKey(run.idempotencyKey)}`)).toBe('');
});

test('the record of a backup has the git commit and tag, and old backups of the same volumes are removed, but never the last good one', needed, async () => {
  const given = await volumes();
  await given.inVolume('echo one > file');
  const git = (...args: readonly string[]): Promise<string> => runCommand('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: given.folder });
  await git('init', '--quiet');
  await git('commit', '--quiet', '--allow-empty', '--message', 'first');
  await git('tag', 'v1.4.0');
  let now = Date.parse('2026-01-01T00:00:00Z');
  const take = (id: string): Promise<BackedUp> =>
    backup.run({ volumes: [given.volume], to: 'backups', 'keep-days': 30 }, given.context<BackupState, BackedUp>({ idempotencyKey: `${given.id}-${id}`, clock: { now: () => now, sleep: () => Promise.resolve() } }));
  const first = await take('first');
  expect(first).toMatchObject({ commit: await git('rev-parse', 'HEAD'), tag: 'v1.4.0', removed: [] });
  expect(JSON.parse(readFileSync(join(given.folder, first.folder, 'backup.json'), 'utf8'))).toMatchObject({ format: 1, created: '2026-01-01T00:00:00.000Z', tag: 'v1.4.0' });
  now += 29 * 86_400_000;
  const second = await take('second');
  expect(second.removed).toEqual([]);
  now += 2 * 86_400_000;
  expect((await take('third')).removed).toEqual([first.folder]);
  now += 365 * 86_400_000;
  await expect(backup.run({ volumes: ['none-of-these'], to: 'backups', 'keep-days': 1 }, given.context<BackupState, BackedUp>())).rejects.toMatchObject({ code: 'DOCKER_VOLUME_MISSING' });
  expect(readdirSync(join(given.folder, 'backups')).filter((name) => !name.endsWith('.partial'))).toHaveLength(2);
});

test('the rollback removes a volume that did not exist before, and a volume of a container is not touched', needed, async () => {
  const given = await volumes();
  await given.inVolume('echo one > file');
  const { folder } = await backup.run({ volumes: [given.volume], to: 'backups' }, given.context<BackupState, BackedUp>());
  const config = { backup: folder, volumes: { [given.volume]: `${given.volume}-2` } };
  const run = given.context<RestoreState, Restored>();
  await restore.run(config, run);
  expect(run.states).toMatchObject([{ previous: null, newVolumes: [`${given.volume}-2`] }]);
  expect(await given.inVolume('cat file', `${given.volume}-2`)).toBe('one');
  const user = await given.docker('run', '--detach', '--volume', `${given.volume}-2:/data`, `t-${given.id}:1`, 'sleep', '100');
  onTestFinished(async () => { await given.docker('rm', '--force', user); });
  expect(await backup.verify?.({ volumes: [`${given.volume}-2`], to: 'backups' }, given.context())).toMatchObject([{ level: 'warning', code: 'DOCKER_VOLUME_IN_USE' }]);
  expect(await restore.verify?.(config, given.context())).toMatchObject([{ level: 'warning', code: 'DOCKER_VOLUME_IN_USE' }]);
  await given.inVolume('echo two > file', `${given.volume}-2`);
  await expect(restore.run(config, given.context<RestoreState, Restored>())).rejects.toMatchObject({ code: 'DOCKER_VOLUME_IN_USE', hint: containing('compose down') });
  await given.docker('rm', '--force', user);
  for (let time = 0; time < 2; time += 1) await rollback(config, given.context<RestoreState, Restored>({ saved: run.states[0]! }));
  expect(await given.docker('volume', 'ls', '--quiet', '--filter', `name=${given.volume}-2`)).toBe('');
});

test('a backup that was interrupted does not disturb the next attempt', needed, async () => {
  const given = await volumes();
  await given.inVolume('echo one > file');
  const config = { volumes: [given.volume], to: 'backups' };
  const aborted = new AbortController();
  const dying = given.context<BackupState, BackedUp>({ signal: aborted.signal, saveState: async () => void setTimeout(() => aborted.abort(), 300) });
  await expect(backup.run(config, dying)).rejects.toThrow();
  const saved = { folder: 'backups/half' };
  expect(await probeBackup(config, given.context<BackupState, BackedUp>({ saved }))).toEqual({ found: 'not-done' });
  const again = given.context<BackupState, BackedUp>({ saved });
  expect(await backup.run(config, again)).toMatchObject({ folder: 'backups/half' });
  expect(existsSync(join(given.folder, 'backups/half/backup.json'))).toBe(true);
});

test('a restore that was killed while it filled a volume can be finished or rolled back, and leaves no container behind', needed, async () => {
  const given = await volumes();
  await given.inVolume('echo one > file');
  const { folder } = await backup.run({ volumes: [given.volume], to: 'backups' }, given.context<BackupState, BackedUp>());
  await given.inVolume('echo two > file');
  const helpers = ['ps', '--all', '--quiet', '--filter', `volume=${given.volume}`];

  for (const next of ['finish', 'roll back'] as const) {
    const dying = given.context<RestoreState, Restored>();
    let isDead = false;
    const exec: typeof dying.exec = async (argv, options) => {
      if (isDead) throw new Error('killed');
      const result = await dying.exec(argv, options);
      isDead = argv.includes('create') && argv.some((word) => word.startsWith(`type=volume,source=${given.volume},`) && !word.includes('readonly'));
      return result;
    };
    await expect(restore.run({ backup: folder }, { ...dying, exec })).rejects.toThrow('killed');
    expect(await given.docker(...helpers)).not.toBe('');

    const context = given.context<RestoreState, Restored>({ saved: dying.states[0]! });
    if (next === 'finish') await restore.run({ backup: folder }, context);
    else await rollback({ backup: folder }, context);
    expect(await given.inVolume('cat file')).toBe(next === 'finish' ? 'one' : 'two');
    expect(await given.docker(...helpers)).toBe('');
    await given.inVolume('echo two > file');
  }
});
