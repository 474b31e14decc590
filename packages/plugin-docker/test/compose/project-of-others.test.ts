import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { rollbackOf } from '@relpipe/testing/step-verbs';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, onTestFinished, test } from 'vitest';
import { compose, type Composed, type ComposeState } from '../../src/compose/compose.ts';

const labels = { 'com.docker.compose.service': 'web' };
const state = { Status: 'running', ExitCode: 0, Health: { Status: 'healthy' } };
const container = (Image: string) => ({ Id: 'c1', Name: '/web', Image, State: state, Config: { Image: 'web', Labels: labels }, NetworkSettings: {} });
const ownImage = { web: 'sha256:new' };

/** A project with one service, for a docker CLI that is not there. `up` starts the previous image, `down` removes the container. */
function openFixture(running: string, previous: Record<string, string>) {
  const folder = scratchFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  writeFileSync(join(folder.path, 'compose.yaml'), 'services: { web: { image: web } }\n');
  let image: string | undefined = running;
  const changes: string[] = [];
  const answers: readonly (readonly [command: string, answer: () => string])[] = [
    ['compose version', () => ''],
    ['config --services', () => 'web'],
    ['container ls', () => (image === undefined ? '' : 'c1')],
    ['container inspect', () => JSON.stringify([container(image ?? '')])],
    ['image inspect', () => JSON.stringify([{ Id: previous['web'], Os: 'linux', Architecture: 'amd64', Config: { Labels: null } }])],
    ['up --detach', () => ((image = previous['web']), changes.push('up'), '')],
    ['down --remove-orphans', () => ((image = undefined), changes.push('down'), '')],
  ];
  const rollback = (more: { overwrite?: boolean } = {}) => {
    const given = { workdir: folder.path, saved: { previous }, output: { images: ownImage, previous }, ...more };
    const exec = async (argv: readonly string[]) => {
      const [, answer] = answers.find(([command]) => argv.join(' ').includes(command)) ?? [];
      return { code: answer === undefined ? 1 : 0, stdout: answer?.() ?? '', stderr: '' };
    };
    return rollbackOf(compose)({ project: 'shop' }, virtualContext<ComposeState, Composed>({ exec, ...given }));
  };
  return { rollback, changes, image: () => image };
}

test.each([
  ['had other images before', { web: 'sha256:old' }, 'up', 'sha256:old'],
  ['did not exist before', {}, 'down', undefined],
] as const)('a rollback changes nothing in a project that %s and in which somebody else has brought another image up, unless a person has decided so', async (_, previous, change, left) => {
  const { rollback, changes, image } = openFixture('sha256:theirs', previous);
  await expect(rollback()).rejects.toMatchObject({ code: 'DOCKER_PROJECT_CHANGED', changedByOthers: true });
  expect(changes).toEqual([]);

  await rollback({ overwrite: true });
  expect({ changes, image: image() }).toEqual({ changes: [change], image: left });
});

test('a rollback brings the previous image back where the project is as the step left it', async () => {
  const { rollback, image } = openFixture('sha256:new', { web: 'sha256:old' });
  await rollback();
  expect(image()).toBe('sha256:old');
});

test('a rollback has nothing to do where somebody else has already brought the previous image back', async () => {
  const { rollback, changes } = openFixture('sha256:old', { web: 'sha256:old' });
  await rollback();
  expect(changes).toEqual([]);
});
