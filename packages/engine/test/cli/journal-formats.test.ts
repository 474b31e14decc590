import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderWith } from '@relpipe/testing/relpipe-folder';
import { expect, test } from 'vitest';
import type { FactBody } from '../../src/run/core/fact.ts';
import { linkFact } from '../../src/run/store/fact-chain.ts';
import { openSqliteStore } from '../../src/run/store/sqlite/open-sqlite-store.ts';

test.each([['status'], ['resume'], ['approve'], ['rollback', '--reason', 'too old']])(
  'a journal of format 1, from before the first release, is refused by relpipe %s with what to do next',
  async (...args) => {
    const folder = await folderWith({});
    await mkdir(join(folder.path, '.relpipe'));
    await cp(fileURLToPath(new URL('../fixtures/journal-format-1/journal.db', import.meta.url)), join(folder.path, '.relpipe/journal.db'));
    const { code, stderr } = await folder.relpipe(...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/has format 1, from before the first release; this relpipe reads format 4\.[^]*move the file away/) as string,
    });
  },
);

test('a run with a fact that only a newer relpipe knows does not keep the other runs from being listed', async () => {
  const folder = await folderWith({ 'release.pipeline.yaml': 'relpipe: 1\nname: listed\nstages: { a: { steps: [{ id: one, run: "true", rollback: none }] } }\n' });
  for (let n = 0; n < 2; n++) await folder.relpipe('run');
  const store = openSqliteStore(join(folder.path, '.relpipe/journal.db'));
  const [older = '', newer = ''] = (await store.runs()).map(({ id }) => id);
  const lease = await store.takeLease(newer);
  const { head } = await store.readRun(newer);
  await store.commit({ run: newer, fence: lease.fence, facts: [linkFact(newer, head, { fact: 'rewound' } as unknown as FactBody, head.at)] });
  await lease.release();
  await store.close();

  const { code, stdout, stderr } = await folder.relpipe('runs');
  expect(stdout).toContain(older);
  expect(stderr).toContain(`Run ${newer} cannot be shown:`);
  expect(stderr).toContain('REL_JOURNAL_FACT_UNKNOWN');
  expect(code).toBe(2);
});
