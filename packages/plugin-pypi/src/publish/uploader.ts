import { isStepError, StepError, type ExecOptions, type ReadContext } from 'relpipe/plugin';
import type { Login } from '../settings/login.ts';

export type Tool = 'twine' | 'uv';

/** A command and its environment. The password is in the latter, never on a command line, which every process may read. */
interface Command {
  readonly argv: readonly string[];
  readonly env: NonNullable<ExecOptions['env']>;
}

/**
 * The tool that is named, else the first that answers.
 * @throws {StepError} `PYPI_NO_UPLOADER`
 */
export async function findUploader(named: Tool | undefined, context: ReadContext): Promise<Tool> {
  for (const tool of named === undefined ? (['twine', 'uv'] as const) : [named]) if (await isThere(tool, context)) return tool;
  throw new StepError('PYPI_NO_UPLOADER', `${named ?? 'Neither twine nor uv'} could not be started.`, {
    hint: `Install it, e.g. \`pip install ${named ?? 'twine'}\`, and see that it is on the PATH.`,
  });
}

async function isThere(tool: Tool, context: ReadContext): Promise<boolean> {
  try {
    return (await context.exec([tool, '--version'])).code === 0;
  } catch (error) {
    if (isStepError(error)) return false;
    throw error;
  }
}

/**
 * Uploads one file. Nothing but the file: no signatures and attestations that happen to lie beside it. Nor finds it a password by itself
 * that is in the environment for another server: whose it is was looked at before.
 */
export function uploadCommand(tool: Tool, url: string, login: Login | undefined, path: string): Command {
  const { argv, env } = tool === 'twine' ? twine(url, login, path) : uv(url, login, path);
  return { argv, env: { ...withoutPasswords, ...env } };
}

const withoutPasswords = { TWINE_PASSWORD: undefined, UV_PUBLISH_PASSWORD: undefined, UV_PUBLISH_TOKEN: undefined };

/** With `--verbose` it prints what the index answers, and still no password. */
const twine = (url: string, login: Login | undefined, path: string): Command => ({
  argv: ['twine', 'upload', '--non-interactive', '--disable-progress-bar', '--verbose', '--repository-url', url, path],
  env: login === undefined ? {} : { TWINE_USERNAME: login.username, TWINE_PASSWORD: login.password },
});

const uv = (url: string, login: Login | undefined, path: string): Command => ({
  argv: ['uv', 'publish', '--no-progress', '--trusted-publishing', 'never', '--publish-url', url, path],
  env: {
    UV_PUBLISH_NO_ATTESTATIONS: 'true',
    ...(login !== undefined && { UV_PUBLISH_USERNAME: login.username, UV_PUBLISH_PASSWORD: login.password }),
  },
});
