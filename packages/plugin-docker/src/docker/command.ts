import { isStepError, StepError, type ExecResult, type ReadContext } from 'relpipe/plugin';

/**
 * The error for a command that failed, with the last line of its output, and with the cause where the output names a known one. Only
 * transient causes are retryable. Of `argv`, program and verb are shown.
 */
export function commandFailed(argv: readonly string[], { code, stdout, stderr }: ExecResult): StepError {
  const output = `${stdout}\n${stderr}`;
  const reason = lastLine(stderr) || lastLine(stdout) || 'it printed nothing';
  const cause = causes.find(({ pattern }) => pattern.test(output));
  if (cause) return new StepError(cause.code, `${nameOf(argv)} failed: ${reason}`, { hint: cause.hint, retryable: cause.retryable });
  return new StepError('DOCKER_COMMAND_FAILED', `${nameOf(argv)} exited with code ${code}: ${reason}`, {
    hint: 'See its output in the log of the step.',
  });
}

const causes = [
  {
    pattern: /cannot connect to the docker daemon|is the docker daemon running|error during connect|Couldn't connect to Docker daemon/i,
    code: 'DOCKER_ENGINE_UNREACHABLE',
    hint: 'Start the engine, or select another one with DOCKER_HOST, DOCKER_CONTEXT or `engine`.',
    retryable: true,
  },
  {
    pattern: /unauthorized|authentication required|no basic auth credentials|requested access to the resource is denied/i,
    code: 'DOCKER_REGISTRY_REFUSED',
    hint: 'Log in with `docker login`, or set `logins` to an account that may do this.',
    retryable: false,
  },
  {
    pattern: /handshake timeout|i\/o timeout|connection reset by peer|toomanyrequests|too many requests|50[0234] [a-z]|unexpected EOF/i,
    code: 'DOCKER_REGISTRY_UNREACHABLE',
    hint: 'The registry is overloaded or down; try again later.',
    retryable: true,
  },
] as const;

const nameOf = ([program = '', ...args]: readonly string[]): string =>
  [program, ...args.slice(0, 2).filter((word) => /^[a-z]+$/.test(word))].join(' ');

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';

/** The result of a command; undefined when its program is not installed on this machine. */
export async function execIfInstalled(argv: readonly string[], context: ReadContext): Promise<ExecResult | undefined> {
  try {
    return await context.exec(argv);
  } catch (error) {
    if (isStepError(error) && error.code === 'REL_COMMAND_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether a command, such as `docker --version`, can be run on this machine and succeeds. */
export const succeeds = async (argv: readonly string[], context: ReadContext): Promise<boolean> =>
  (await execIfInstalled(argv, context))?.code === 0;

export function logLines(text: string, { log }: Pick<ReadContext, 'log'>): void {
  for (const line of text.split('\n')) if (line.trim() !== '') log(line);
}
