import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    stdio: 'pipe',
    encoding: 'utf8',
  }).trim();

const commitAll = (folder: string): void => {
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'x');
};

const asking = pipeline('stages: { one: { steps: [{ id: first, approval: "1?" }, { id: second, approval: "2?" }, { id: act, run: "echo acted >> $OUT" }] } }');
const park = ['--park-after', '0s'] as const;
const warned = /REL_JOURNAL_IN_CHECKOUT/;

describe.concurrent('a journal in a working tree that the next checkout cleans', () => {
  test('is warned of in CI, with the option that helps, and as an annotation on GitHub', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    git(folder.path, 'init', '-q');
    const { code, stderr } = await folder.start(['run', ...park], { CI: 'true', GITHUB_ACTIONS: 'true' }).finished;
    expect({ code, stderr }).toEqual({ code: 75, stderr: expect.stringMatching(/warning REL_JOURNAL_IN_CHECKOUT: The journal .*journal\.db is in the working tree[^]*--journal FILE[^]*::warning/) as string });
  });

  test('is not warned of outside of CI or of a repository, where a journal is named, and where the run never parks', async ({ folderWith, expect }) => {
    const [folder, plain] = await Promise.all([folderWith(pipeline('stages: { one: { steps: [{ id: hi, run: "true" }] } }')), folderWith(asking)]);
    git(folder.path, 'init', '-q');
    const inCi = { JENKINS_URL: 'http://ci.example' };
    const ended = [
      await folder.relpipe('run'),
      await plain.start(['run', ...park], inCi).finished,
      await folder.start(['run', '--journal', '.relpipe/journal.db'], inCi).finished,
      await folder.start(['run', '--park-after', 'never'], inCi).finished,
    ];
    expect(ended.map(({ code, stderr }) => ({ code, isWarned: warned.test(stderr) }))).toEqual([0, 75, 0, 0].map((code) => ({ code, isWarned: false })));
    expect((await folder.start(['run'], inCi).finished).stderr).toMatch(warned);
  });
});

describe.concurrent('resume --checkout', () => {
  test('makes the working tree again where .relpipe was restored into another clone', async ({ folderWith, expect }) => {
    const folder = await folderWith({ 'origin/release.pipeline.yaml': asking['release.pipeline.yaml'] ?? '' });
    const [origin, clone, kept] = ['origin', 'clone', 'kept'].map((name) => join(folder.path, name)) as [string, string, string];
    git(origin, 'init', '-q');
    commitAll(origin);
    git(folder.path, 'clone', '-q', origin, clone);
    const relpipe = (...args: readonly string[]) => folder.start(args, { OUT: join(folder.path, 'out') }, clone).finished;
    expect((await relpipe('run', ...park)).code).toBe(75);
    const commit = git(clone, 'rev-parse', 'HEAD');
    appendFileSync(join(clone, 'later'), 'x');
    commitAll(clone);
    git(clone, 'push', '-q', 'origin', 'HEAD:later');
    await relpipe('approve');
    expect((await relpipe('resume', '--checkout', ...park)).code).toBe(75);

    cpSync(join(clone, '.relpipe'), kept, { recursive: true });
    rmSync(clone, { recursive: true });
    git(folder.path, 'clone', '-q', '--branch', 'later', origin, clone);
    cpSync(kept, join(clone, '.relpipe'), { recursive: true });
    await relpipe('approve');
    const { code, stderr } = await relpipe('resume', '--checkout', ...park);
    expect({ code, stderr, acted: folder.lines('out') }).toEqual({ code: 0, stderr: '', acted: ['acted'] });
    expect(git(join(clone, '.relpipe/trees', commit), 'rev-parse', 'HEAD')).toBe(commit);
  });

  test('says how to fetch a commit that this clone does not have, and never names itself', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    git(folder.path, 'init', '-q');
    commitAll(folder.path);
    const commit = git(folder.path, 'rev-parse', 'HEAD');
    await folder.relpipe('run', ...park);
    rmSync(join(folder.path, '.git'), { recursive: true });
    const outside = await folder.relpipe('resume');
    expect(outside.stderr).toMatch(/REL_COMMIT_MISMATCH[^]*hint: Change to a clone of that repository\.\n$/);
    git(folder.path, 'init', '-q');
    git(folder.path, 'commit', '-qm', 'another', '--allow-empty');
    const { code, stderr } = await folder.relpipe('resume', '--checkout');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`hint: This clone does not have that commit. Fetch it first: git fetch origin ${commit}`) as string });
    expect(stderr).not.toContain('--checkout');
  });

  test('does not take a half-made working tree for a whole one', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...asking, words: 'x' });
    git(folder.path, 'init', '-q');
    commitAll(folder.path);
    const commit = git(folder.path, 'rev-parse', 'HEAD');
    await folder.relpipe('run', ...park);
    git(folder.path, 'commit', '-qm', 'later', '--allow-empty');
    for (const name of [commit, `${commit}.unfinished`]) mkdirSync(join(folder.path, '.relpipe/trees', name), { recursive: true });
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume', '--checkout', ...park)).code).toBe(75);
    expect(git(join(folder.path, '.relpipe/trees', commit), 'ls-files')).toBe('release.pipeline.yaml\nwords');
  });
});
