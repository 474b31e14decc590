import { existsSync } from 'node:fs';
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTutorial, writeTutorialFile, type TutorialSession } from './tutorial.ts';

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
  expect(sessions.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 3, 2, 2]);
});

// In the order of the page: each goes on where the one before it ended.
test.each(sessions)('in $folder the tutorial\'s commands $commands end with $exitCode', { timeout: 3 * minutes }, async (session) => {
  const { exitCode, printed } = await follow(session);
  expect({ exitCode, missing: missingIn(printed, session.printed), printed }).toEqual({ exitCode: session.exitCode, missing: [], printed });
});

test('after the rollback the version that was live before is live again', async () => {
  expect(await readlink(join(folder, 'shop/site/current'))).toBe('releases/1.0.0');
});

const pnpm = (...args: readonly string[]) => execa('npx', ['-y', 'pnpm@12', '--dir', engine, ...args], { env: environment });

/** Commands of the tutorial run on the Node that runs this, and outside of CI. */
const environment = {
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  CI: '',
  GITHUB_ACTIONS: '',
  GITHUB_STEP_SUMMARY: '',
  NODE_OPTIONS: '',
};

async function follow({ folder: name, commands }: TutorialSession): Promise<{ exitCode: number | undefined; printed: string }> {
  let printed = '';
  for (const [n, command] of commands.entries()) {
    const { exitCode, all } = await execa(command, { shell: true, cwd: join(folder, name), env: environment, all: true, reject: false });
    printed += `${all}\n`;
    if (exitCode !== 0 || n === commands.length - 1) return { exitCode, printed };
  }
  throw new Error('the session has no command');
}

/** Texts that do not come, or come too early. */
function missingIn(printed: string, wanted: readonly string[]): readonly string[] {
  let from = 0;
  return wanted.filter((text) => {
    const at = printed.indexOf(text, from);
    if (at !== -1) from = at + text.length;
    return at === -1;
  });
}
