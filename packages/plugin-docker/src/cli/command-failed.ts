import { StepError, type ExecResult } from 'relpipe/plugin';

/** A command that ended badly, in its own last words; what only passes is retryable. `argv`: of it, only program and verb are told. */
export function commandFailed(argv: readonly string[], { code, stdout, stderr }: ExecResult): StepError {
  const said = `${stdout}\n${stderr}`;
  const words = lastWords(stderr) || lastWords(stdout) || 'it said nothing';
  const known = kinds.find(({ pattern }) => pattern.test(said));
  if (known) return new StepError(known.code, `${nameOf(argv)}: ${words}`, { hint: known.hint, retryable: known.retryable });
  return new StepError('DOCKER_COMMAND_FAILED', `${nameOf(argv)} ended with code ${code}: ${words}`, {
    hint: "What it wrote is in the step's log.",
  });
}

const kinds = [
  {
    pattern: /cannot connect to the docker daemon|is the docker daemon running|error during connect|Couldn't connect to Docker daemon/i,
    code: 'DOCKER_ENGINE_UNREACHABLE',
    hint: 'Start the engine, or name the one that is meant: DOCKER_HOST, DOCKER_CONTEXT, or `engine`.',
    retryable: true,
  },
  {
    pattern: /unauthorized|authentication required|no basic auth credentials|requested access to the resource is denied/i,
    code: 'DOCKER_REGISTRY_REFUSED',
    hint: 'Log in with `docker login`, or give `logins`: an account that may do this.',
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

const lastWords = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';
