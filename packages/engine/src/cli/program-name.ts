import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** What a person types to start this program in the current folder: printed commands start with it, so that they can be copied. */
export const programName = (): string => (!isOnPath() && isInstalledAround(process.cwd()) ? 'npx relpipe' : 'relpipe');

/** `npx` and `npm run` put these folders on the path of what they start; the shell of the person does not have them. */
const ofPackageManagers = /[\\/]node_modules[\\/]\.bin$/;

const isOnPath = (): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && !ofPackageManagers.test(folder) && isExecutable(join(folder, 'relpipe')));

function isInstalledAround(folder: string): boolean {
  if (isExecutable(join(folder, 'node_modules', '.bin', 'relpipe'))) return true;
  const outer = dirname(folder);
  return outer !== folder && isInstalledAround(outer);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
