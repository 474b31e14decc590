import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '../real-servers.ts';
import { runCommand } from '../run-command.ts';

/** Builds a wheel of an empty package with `python -m build`, offline, and returns its path. */
export async function buildWheel(folder: string, name: string, version: string): Promise<string> {
  const module = name.replaceAll('-', '_');
  mkdirSync(join(folder, module), { recursive: true });
  writeFileSync(join(folder, module, '__init__.py'), `"""A package for tests."""\n__version__ = ${JSON.stringify(version)}\n`);
  writeFileSync(
    join(folder, 'pyproject.toml'),
    `[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n
[project]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\ndescription = "A package for tests."\nrequires-python = ">=3.9"\n`,
  );
  await runCommand(programOf('build'), ['--wheel', '--no-isolation', '--outdir', 'dist', '.'], { cwd: folder });
  return join(folder, 'dist', `${module}-${version}-py3-none-any.whl`);
}

/** Uploads a file to a real index, with the user made for it. */
export async function uploadWithTwine(index: { readonly settings: Readonly<Record<string, string>> }, file: string): Promise<void> {
  const { upload = '', user = '', password = '' } = index.settings;
  const env = { TWINE_USERNAME: user, TWINE_PASSWORD: password };
  await runCommand(programOf('twine'), ['upload', '--non-interactive', '--disable-progress-bar', '--repository-url', upload, file], { env });
}
