import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Options for a test that calls programs which a person has: skipped, with the reason, while one of them is missing. */
export function needingPrograms(...programs: readonly string[]): { readonly skip: boolean; readonly meta: { readonly missing?: string }; readonly timeout: number } {
  const missing = programs.filter((program) => !isThere(program));
  const meta = missing.length === 0 ? {} : { missing: `${missing.join(' and ')}: not there. Run: apt install ${missing.join(' ')}` };
  return { skip: missing.length > 0, meta, timeout: 60_000 };
}

const isThere = (program: string): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => canRun(join(folder, program)));

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
