import { join } from 'node:path';
import { execa } from 'execa';
import type { TutorialSession } from './tutorial.ts';

interface Followed {
  readonly exitCode: number | undefined;
  readonly printed: string;
}

/** Runs the commands of a session up to the first that fails, outside of CI; gives the last exit code. */
export async function followSession({ folder, commands }: TutorialSession, root: string, env: Readonly<Record<string, string>>): Promise<Followed> {
  let printed = '';
  let code: number | undefined;
  for (const command of commands) {
    const { exitCode, all } = await execa(command, { shell: true, cwd: join(root, folder), env: { ...outsideOfCi, ...env }, all: true, reject: false });
    printed += `${all}\n`;
    code = exitCode;
    if (code !== 0) break;
  }
  return { exitCode: code, printed };
}

const outsideOfCi = { CI: '', GITHUB_ACTIONS: '', GITLAB_CI: '', GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '', NODE_OPTIONS: '' };

/** Texts that do not come, or come too early. */
export function missingIn(printed: string, wanted: readonly string[]): readonly string[] {
  let from = 0;
  return wanted.filter((text) => {
    const at = printed.indexOf(text, from);
    if (at !== -1) from = at + text.length;
    return at === -1;
  });
}
