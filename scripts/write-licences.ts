import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who bundles a package passes its licence on: all of them in one file beside the code. */
export async function writeLicences(packages: readonly string[], file: string): Promise<void> {
  const texts = await Promise.all(packages.map(licenceOf));
  await writeFile(file, texts.join('\n'));
}

async function licenceOf(name: string): Promise<string> {
  const folder = join('node_modules', name);
  const licence = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (licence === undefined) throw new Error(`${name} is bundled and has no licence file to pass on`);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return `${name} ${version}\n\n${(await readFile(join(folder, licence), 'utf8')).trim()}\n`;
}
