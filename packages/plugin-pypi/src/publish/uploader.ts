import { StepError, type ExecOptions, type ReadContext } from 'relpipe/plugin';
import { succeeds } from '../commands.ts';
import type { Login } from '../settings/login.ts';

export type Tool = 'twine' | 'uv';

/** A command and its environment. The password is in the environment, never on a command line, which every process can read. */
interface Command {
  readonly argv: readonly string[];
  readonly env: NonNullable<ExecOptions['env']>;
}

/**
 * The tool that is named, else the first that is installed.
 * @throws {StepError} `PYPI_UPLOAD_TOOL_NOT_FOUND`
 */
export async function findUploader(named: Tool | undefined, context: ReadContext): Promise<Tool> {
  for (const tool of named === undefined ? (['twine', 'uv'] as const) : [named])
    if (await succeeds([tool, '--version'], context)) return tool;
  throw new StepError(
    'PYPI_UPLOAD_TOOL_NOT_FOUND',
    named === undefined ? 'Neither twine nor uv could be started.' : `${named} could not be started.`,
    {
      hint: `Install it, e.g. with \`pip install ${named ?? 'twine'}\`, and check that it is on the PATH.`,
    },
  );
}

/**
 * The command that uploads one file, without signatures and attestations beside it. A password in the environment that is for another
 * server is kept from the tool: `login` was chosen for this one.
 */
export function uploadCommand(tool: Tool, url: string, login: Login | undefined, path: string): Command {
  const { argv, env } = tool === 'twine' ? twine(url, login, path) : uv(url, login, path);
  return { argv, env: { ...withoutPasswords, ...env } };
}

const withoutPasswords = { TWINE_PASSWORD: undefined, UV_PUBLISH_PASSWORD: undefined, UV_PUBLISH_TOKEN: undefined };

/** With `--verbose` it prints the response of the index, and still no password. */
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
