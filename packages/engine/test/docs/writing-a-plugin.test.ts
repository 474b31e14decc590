import { existsSync } from 'node:fs';
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followSession, missingIn } from './follow-session.ts';
import { readTutorial, writeTutorialFile } from './tutorial.ts';

const repository = join(import.meta.dirname, '../../../..');
const engine = join(repository, 'packages/engine');
const parts = await readTutorial(join(repository, 'docs/writing-a-plugin.md'));
const sessions = parts.filter((part) => part.kind === 'session');
const folder = await mkdtemp(join(tmpdir(), 'relpipe-tutorial-'));
const minutes = 60_000;

beforeAll(async () => {
  if (!existsSync(join(engine, 'dist/cli/bin.js'))) await pnpm('build');
  // Without its scripts: packing would clear `dist`, which other tests run from.
  await pnpm('--config.ignore-scripts=true', 'pack', '--pack-destination', folder);
  for (const part of parts) if (part.kind === 'file') await writeTutorialFile(folder, part);
}, 3 * minutes);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the tutorial has files and commands', () => {
  expect(parts.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(5);
  expect(sessions.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 3, 2, 2]);
});

// In the order of the page: each goes on where the one before it ended.
test.each(sessions)('in $folder the tutorial\'s commands $commands end with $exitCode', { timeout: 3 * minutes }, async (session) => {
  const { exitCode, printed } = await followSession(session, folder, environment);
  expect({ exitCode, missing: missingIn(printed, session.printed), printed }).toEqual({ exitCode: session.exitCode, missing: [], printed });
});

test('after the rollback the version that was live before is live again', async () => {
  expect(await readlink(join(folder, 'shop/site/current'))).toBe('releases/1.0.0');
});

const pnpm = (...args: readonly string[]) => execa('npx', ['-y', 'pnpm@12', '--dir', engine, ...args], { env: environment });

/** Commands run on the Node that runs this. */
const environment = { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
