import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { followSession, missingIn } from './follow-session.ts';
import { readTutorial, writeTutorialFile } from './tutorial.ts';

const repository = join(import.meta.dirname, '../../../..');
const parts = await readTutorial(join(repository, 'docs/guide.md'));
const sessions = parts.filter((part) => part.kind === 'session');
const folder = await mkdtemp(join(tmpdir(), 'relpipe-guide-'));
for (const part of parts) if (part.kind === 'file') await writeTutorialFile(folder, part);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the guide has three sessions of commands, which end with 0, 75 and 3', () => {
  expect(sessions.map(({ exitCode }) => exitCode)).toEqual([0, 75, 3]);
});

test.each(sessions)('the guide\'s commands $commands end with $exitCode', { timeout: 60_000 }, async (session) => {
  const relpipe = `"${process.execPath}" "${join(repository, 'packages/engine/dist/cli/bin.js')}"`;
  const commands = session.commands.map((command) => command.replace(/^relpipe/, relpipe));
  const env = { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), DEPLOY_TOKEN: 'a-token-for-the-guide' };
  const { exitCode, printed } = await followSession({ ...session, commands }, folder, env);
  expect({ exitCode, missing: missingIn(printed, session.printed), printed }).toEqual({ exitCode: session.exitCode, missing: [], printed });
});

test('the previous page is live again after the rollback', async () => {
  expect(await readFile(join(folder, 'website/live/version'), 'utf8')).toBe('1.0.1\n');
});
