import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What outlives a start: the state file and the Python programs. RELPIPE_SERVERS names another folder. */
export const cacheFolder =
  process.env['RELPIPE_SERVERS'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'relpipe-servers');

/** Where the servers are; tests read it. */
export const stateFile = join(cacheFolder, 'state.json');

export const requirementsFile = join(import.meta.dirname, 'requirements.txt');

/** Other requirements are another folder, so that what is complete stays complete. */
export const pythonFolder = join(cacheFolder, `python-${createHash('sha256').update(readFileSync(requirementsFile)).digest('hex').slice(0, 12)}`);
