import { homedir } from 'node:os';
import { join } from 'node:path';
import { readIni } from './read-ini.ts';

interface Setting {
  readonly value: string;
  /** Where it is written, for messages. */
  readonly source: string;
}

/** The index that pip is configured for by the environment or its files, the nearest one first; undefined when none says. */
export async function pipIndex(environment: NodeJS.ProcessEnv): Promise<Setting | undefined> {
  const fromEnvironment = environment['PIP_INDEX_URL'];
  if (fromEnvironment) return { value: fromEnvironment, source: 'PIP_INDEX_URL' };
  const read = await Promise.all(pipFiles(environment).map(async (file) => ({ file, settings: await readIni(file) })));
  // As pip does it: what a file says for one command weighs more than what a nearer one says for all.
  for (const section of ['install', 'global']) {
    for (const { file, settings } of read) {
      const value = settings?.get(section)?.get('index-url');
      if (value) return { value, source: file };
    }
  }
  return undefined;
}

/** As pip looks for them: its own variable, the virtual environment, the user, the machine. With `PIP_CONFIG_FILE`, the user's are not read. */
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
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir();
  const configHome = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const own = {
    win32: [join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'pip', fileName)],
    darwin: [join(home, 'Library', 'Application Support', 'pip', fileName), join(configHome, 'pip', fileName)],
  }[process.platform as string] ?? [join(configHome, 'pip', fileName)];
  return [...own, join(home, process.platform === 'win32' ? 'pip' : '.pip', fileName)];
}

function machineFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform === 'win32') return [join(environment['PROGRAMDATA'] ?? 'C:\\ProgramData', 'pip', fileName)];
  if (process.platform === 'darwin') return [join('/Library/Application Support/pip', fileName)];
  const folders = (environment['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':').filter((folder) => folder !== '');
  return ['/etc/pip.conf', ...folders.map((folder) => join(folder, 'pip', fileName))];
}
