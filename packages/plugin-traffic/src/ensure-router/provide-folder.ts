import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Makes the folder of the state file; a new `.relpipe` is kept out of git, because the router's token lies there. */
export async function provideFolder(stateFile: string): Promise<void> {
  const folder = dirname(stateFile);
  const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
  if (isNew && basename(folder) === '.relpipe') await writeFile(join(folder, '.gitignore'), '*\n');
}
