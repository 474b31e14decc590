import { homedir } from 'node:os';
import { join } from 'node:path';
import { packageIndex, type PackageIndex } from '../simple-api/package-index.ts';
import { knownIndexes } from './index-software.ts';
import { readIni } from './ini.ts';

/**
 * The index that a step names, else the one that pip is configured for, else the one uv is, else PyPI.
 * @throws {StepError} `PYPI_URL_INVALID`, `PYPI_CONFIG_UNREADABLE`
 */
export async function indexToRead(named: string | undefined, environment: NodeJS.ProcessEnv): Promise<PackageIndex> {
  if (named !== undefined) return packageIndex(knownIndexes[named]?.simple ?? named, '`index`');
  return (await pipIndex(environment)) ?? uvIndex(environment) ?? packageIndex('https://pypi.org/simple', 'the default');
}

/** uv's first variable may start with a name: `internal=https://…`. */
function uvIndex(environment: NodeJS.ProcessEnv): PackageIndex | undefined {
  const source = ['UV_DEFAULT_INDEX', 'UV_INDEX_URL'].find((name) => environment[name]);
  return source === undefined ? undefined : packageIndex((environment[source] ?? '').replace(/^[A-Za-z0-9_-]+=/, ''), source);
}

/**
 * The index that pip is configured for by the environment or its files, the nearest one first; undefined when none names one.
 * @throws {StepError} `PYPI_URL_INVALID`, `PYPI_CONFIG_UNREADABLE`
 */
export async function pipIndex(environment: NodeJS.ProcessEnv): Promise<PackageIndex | undefined> {
  const fromEnvironment = environment['PIP_INDEX_URL'];
  if (fromEnvironment) return packageIndex(fromEnvironment, 'PIP_INDEX_URL');
  const read = await Promise.all(pipFiles(environment).map(async (file) => ({ file, settings: await readIni(file) })));
  // As in pip, a setting for one command outweighs a setting for all commands in a nearer file.
  for (const section of ['install', 'global']) {
    for (const { file, settings } of read) {
      const address = settings?.get(section)?.get('index-url');
      if (address) return packageIndex(address, file);
    }
  }
  return undefined;
}

/** In pip's order: its own variable, the virtual environment, the user, the machine. `PIP_CONFIG_FILE` replaces the user's files. */
function pipFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  const named = environment['PIP_CONFIG_FILE'];
  if (named === '/dev/null' || named?.toLowerCase() === 'nul') return [];
  const site = environment['VIRTUAL_ENV'];
  return [
    ...(named ? [named] : []),
    ...(site ? [join(site, fileName)] : []),
    ...(named ? [] : userFiles(environment)),
    ...machineFiles(environment),
  ];
}

const fileName = process.platform === 'win32' ? 'pip.ini' : 'pip.conf';

function userFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  const home = homeIn(environment);
  const configHome = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const own = {
    win32: [join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'pip', fileName)],
    darwin: [join(home, 'Library', 'Application Support', 'pip', fileName), join(configHome, 'pip', fileName)],
  }[process.platform as string] ?? [join(configHome, 'pip', fileName)];
  return [...own, join(home, process.platform === 'win32' ? 'pip' : '.pip', fileName)];
}

export const homeIn = (environment: NodeJS.ProcessEnv): string => environment['HOME'] ?? environment['USERPROFILE'] ?? homedir();

function machineFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform === 'win32') return [join(environment['PROGRAMDATA'] ?? 'C:\\ProgramData', 'pip', fileName)];
  if (process.platform === 'darwin') return [join('/Library/Application Support/pip', fileName)];
  const folders = (environment['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':').filter((folder) => folder !== '');
  return ['/etc/pip.conf', ...folders.map((folder) => join(folder, 'pip', fileName))];
}
