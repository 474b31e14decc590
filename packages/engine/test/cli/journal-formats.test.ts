import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderWith } from '@relpipe/testing/relpipe-folder';
import { expect, test } from 'vitest';

test.each([['status'], ['resume'], ['approve'], ['abort', '--reason', 'too old']])(
  'a journal of format 1, from before the first release, is refused by relpipe %s with what to do next',
  async (...args) => {
    const folder = await folderWith({});
    await mkdir(join(folder.path, '.relpipe'));
    await cp(fileURLToPath(new URL('../fixtures/journal-format-1/journal.db', import.meta.url)), join(folder.path, '.relpipe/journal.db'));
    const { code, stderr } = await folder.relpipe(...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/has format 1, from before the first release; this relpipe reads format 2\.[^]*move the file away/) as string,
    });
  },
);
