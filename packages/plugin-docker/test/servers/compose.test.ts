import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { realDocker, type RealDocker } from '@relpipe/testing/real-docker';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { probeOf, rollbackOf } from '@relpipe/testing/step-verbs';
import { isStepError } from 'relpipe/plugin';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compose, type Composed, type ComposeState } from '../../src/compose/compose.ts';

const rollback = rollbackOf(compose);
const probe = probeOf(compose);

// docker-compose 1.29 takes a second for each command.
const needed = { ...needing('docker-engine', 'docker-compose', 'busybox'), timeout: 180_000 };

const file = (check: string, more = ''): string => `
version: "3.7"
services:
  web:
    image: \${IMAGE}
    command: [httpd, -f, -p, "8080"]
    stop_grace_period: 0s
    healthcheck: { test: [CMD, /bin/busybox, "${check}"], interval: 300ms, retries: 2 }
${more}`;

interface Project extends RealDocker {
  readonly project: string;
  /** Image ID by version. */
  readonly images: Readonly<Record<string, string>>;
  image(version: string): string;
  /** Image IDs of what runs. */
  running(): Promise<readonly string[]>;
  config(version: string, more?: object): { project: string; env: Record<string, string>; within: number };
}

async function project(...versions: readonly string[]): Promise<Project> {
  const given = realDocker();
  const name = `p${given.id}`;
  const image = (version: string): string => `t-${given.id}:${version}`;
  writeFileSync(join(given.folder, 'docker-compose.yml'), file('true'));
  const images: Record<string, string> = {};
  for (const version of versions) {
    // Different in every test: the engine makes one image of equal ones, and removes it for all of them.
    given.writeImage(`LABEL test=${given.id} version=${version}`);
    await given.docker('build', '--quiet', '--tag', image(version), '.');
    images[version] = await given.docker('image', 'inspect', '--format', '{{.Id}}', image(version));
  }
  const listed = async (...format: readonly string[]): Promise<readonly string[]> => {
    const ids = await given.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`);
    return ids === '' ? [] : (await given.docker('container', 'inspect', ...format, ...ids.split('\n'))).split('\n');
  };
  onTestFinished(async () => {
    const ids = await listed('--format', '{{.Id}}');
    if (ids.length > 0) await given.docker('rm', '--force', '--volumes', ...ids);
    await given.docker('network', 'rm', `${name}_default`).catch(() => undefined);
    if (versions.length > 0) await given.docker('image', 'rm', '--force', ...Object.values(images));
  });
  return {
    ...given,
    project: name,
    images,
    image,
    running: () => listed('--format', '{{.Image}}'),
    config: (version, more = {}) => ({ project: name, env: { IMAGE: image(version) }, within: 20_000, ...more }),
  };
}

const context = (given: Project, more: { saved?: ComposeState | undefined; output?: Composed } = {}) => {
  const { saved, ...rest } = more;
  return given.context<ComposeState, Composed>({ ...rest, ...(saved && { saved }) });
};

test('a project comes up healthy, and a new version is rolled back to the previous image, also twice', needed, async () => {
  const given = await project('1', '2');
  const first = context(given);
  expect(await compose.run(given.config('1'), first)).toEqual({ images: { web: given.images['1'] }, previous: {} });
  expect(first.states).toEqual([{ previous: {} }]);
  const second = context(given);
  expect(await compose.run(given.config('2'), second)).toEqual({ images: { web: given.images['2'] }, previous: { web: given.images['1'] } });
  const saved = second.states[0];
  expect(await probe(given.config('2'), context(given, { saved }))).toMatchObject({ found: 'done', output: { previous: { web: given.images['1'] } } });
  expect(await probe(given.config('1'), context(given, { saved }))).toEqual({ found: 'not-done' });
  for (let time = 0; time < 2; time += 1) {
    await rollback(given.config('2'), context(given, { saved }));
    expect(await given.running()).toEqual([given.images['1']]);
  }
  for (let time = 0; time < 2; time += 1) {
    await rollback(given.config('1'), context(given, { saved: first.states[0] }));
    expect(await given.running()).toEqual([]);
  }
});

test.for([
  ['is still in the file', true],
  ['is no longer in the file', false],
] as const)('the rollback leaves an unchanged service alone that %s', needed, async ([, stays], { expect }) => {
  const given = await project('1', '2');
  const other = `  other: { image: "${given.image('1')}", command: [httpd, -f, -p, "8081"], stop_grace_period: 0s }\n`;
  const write = (more: string): void => writeFileSync(join(given.folder, 'docker-compose.yml'), file('true', more));
  write(other);
  await compose.run(given.config('1'), context(given));
  const containers = ['ps', '--quiet', '--no-trunc', '--filter', 'label=com.docker.compose.service=other', '--filter', `label=com.docker.compose.project=${given.project}`];
  const untouched = await given.docker(...containers);
  if (!stays) write('');
  const second = context(given);
  await compose.run(given.config('2'), second);

  await rollback(given.config('2'), context(given, { saved: second.states[0] }));

  expect(await given.docker(...containers)).toBe(untouched);
  expect(await given.running()).toEqual([given.images['1'], given.images['1']]);
});

test('an unhealthy service fails the step at once with its logs, and a second attempt still knows what ran before', needed, async () => {
  const given = await project('1', '2');
  await compose.run(given.config('1'), context(given));
  writeFileSync(join(given.folder, 'docker-compose.yml'), file('false'));
  const failing = context(given);
  await expect(compose.run(given.config('2'), failing)).rejects.toMatchObject({ code: 'DOCKER_UNHEALTHY', message: containing('web is unhealthy'), hint: containing('.relpipe/logs/') });
  const again = context(given, { saved: failing.states[0] });
  await expect(compose.run(given.config('2'), again)).rejects.toMatchObject({ code: 'DOCKER_UNHEALTHY' });
  expect(again.states).toEqual([{ previous: { web: given.images['1'] } }]);
  writeFileSync(join(given.folder, 'docker-compose.yml'), file('true'));
  await rollback(given.config('2'), context(given, { saved: again.states[0] }));
  expect(await given.running()).toEqual([given.images['1']]);
});

test('a service that exits fails the step with its exit code, unless it is to complete and exits with 0', needed, async () => {
  const given = await project('1');
  const migrate = (command: string): string => `  migrate: { image: "\${IMAGE}", command: [sh, -c, "${command}"] }\n`;
  writeFileSync(join(given.folder, 'docker-compose.yml'), file('true', migrate('echo migrated; exit 3')));
  const failing = compose.run(given.config('1', { completes: ['migrate'] }), context(given));
  await expect(failing).rejects.toMatchObject({ message: containing('migrate has exited with code 3') });
  const log = /is in (\S+)\.$/.exec((await failing.then(() => '', (error: unknown) => (isStepError(error) ? error.hint : undefined))) ?? '')?.[1] ?? '';
  expect(readFileSync(join(given.folder, log), 'utf8')).toContain('migrated');
  writeFileSync(join(given.folder, 'docker-compose.yml'), file('true', migrate('exit 0')));
  await expect(compose.run(given.config('1'), context(given))).rejects.toMatchObject({ message: containing('migrate has exited with code 0') });
  expect(await compose.run(given.config('1', { completes: ['migrate'] }), context(given))).toMatchObject({ images: { web: given.images['1'], migrate: given.images['1'] } });
});

test('the rollback fails before it stops anything when the engine has lost the previous image', needed, async () => {
  const given = await project('1');
  await compose.run(given.config('1'), context(given));
  const saved = { previous: { web: `sha256:${'0'.repeat(64)}` } };
  await expect(rollback(given.config('1'), context(given, { saved }))).rejects.toMatchObject({ code: 'DOCKER_PREVIOUS_IMAGE_MISSING' });
  expect(await given.running()).toEqual([given.images['1']]);
});

describe('before the run', () => {
  test('before the run, an invalid or missing compose file and an unknown service are errors', needed, async () => {
    const given = await project();
    expect(await compose.verify?.(given.config('1'), context(given))).toEqual([]);
    expect(await compose.verify?.(given.config('1', { services: ['db'] }), context(given))).toMatchObject([{ code: 'DOCKER_SERVICE_UNKNOWN', hint: 'It has: web.' }]);
    expect(await compose.verify?.(given.config('1', { files: ['none.yml'] }), context(given))).toMatchObject([{ level: 'error', code: 'DOCKER_FILE_MISSING' }]);
    writeFileSync(join(given.folder, 'docker-compose.yml'), 'services: 3');
    expect(await compose.verify?.(given.config('1'), context(given))).toMatchObject([{ level: 'error', code: 'DOCKER_COMMAND_FAILED' }]);
  });

  test('the preview shows which images run', needed, async () => {
    const given = await project('1');
    expect(await compose.preview?.(given.config('1'), context(given))).toMatchObject({ from: 'nothing' });
    await compose.run(given.config('1'), context(given));
    expect(await compose.preview?.(given.config('1'), context(given))).toMatchObject({ from: given.image('1') });
  });
});

/** Stand-in for compose v2: a plugin of the docker CLI that passes its arguments to docker-compose 1.29. */
function installComposePlugin({ folder }: RealDocker): void {
  const plugins = join(folder, '.docker/cli-plugins');
  mkdirSync(plugins);
  const metadata = '{"SchemaVersion":"0.1.0","Vendor":"a test","Version":"v2.0.0"}';
  writeFileSync(
    join(plugins, 'docker-compose'),
    `#!/bin/sh\n[ "$1" = docker-cli-plugin-metadata ] && { echo '${metadata}'; exit 0; }\nshift\necho "$@" >> '${folder}/asked'\nexec '${programOf('docker-compose')}' "$@"\n`,
  );
  chmodSync(join(plugins, 'docker-compose'), 0o755);
}

test('`docker compose` is used where it is installed (a stand-in that calls docker-compose 1.29)', needed, async () => {
  const given = await project('1', '2');
  installComposePlugin(given);
  await compose.run(given.config('1'), context(given));
  const run = context(given);
  await compose.run(given.config('2'), run);
  await rollback(given.config('2'), context(given, { saved: run.states[0] }));
  expect(await given.running()).toEqual([given.images['1']]);
  expect(readFileSync(join(given.folder, 'asked'), 'utf8')).toContain(`--project-name ${given.project} --file ${given.folder}/docker-compose.yml up --detach`);
});
