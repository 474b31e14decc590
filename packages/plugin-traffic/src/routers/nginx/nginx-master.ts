import { readFile, realpath } from 'node:fs/promises';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { shellWord } from 'relpipe/plugin/toolkit';
import { readDirectives, type Directive } from './nginx-conf.ts';

/** The configuration that nginx would read now. */
export interface NginxSetup {
  readonly directives: readonly Directive[];
  /** All files, links followed. */
  readonly files: readonly string[];
  /** The first of them: paths in the configuration are relative to its folder. */
  readonly main: string;
}

interface NginxWorker {
  readonly pid: number;
  /** It accepts nothing new, and finishes its requests by the previous configuration. */
  readonly isLeaving: boolean;
}

/** The master process of an nginx on this machine, by the command that also starts it. */
export class NginxMaster {
  readonly #command: readonly string[];
  readonly #context: ReadContext;

  constructor(command: readonly string[], context: ReadContext) {
    this.#command = command;
    this.#context = context;
  }

  /** @throws {StepError} `TRAFFIC_NGINX_TEST_FAILED`, `TRAFFIC_NGINX_NOT_REACHED` */
  async setup(): Promise<NginxSetup> {
    const dump = await this.#call('-T');
    const names = [...dump.matchAll(/^# configuration file (.+):$/gm)].map(([, name = '']) => name);
    const files = await Promise.all(names.map((name) => realpath(name).catch(() => name)));
    return { directives: readDirectives(dump), files, main: names[0] ?? '/' };
  }

  /** Whether nginx would accept its configuration as it is now. @throws {StepError} `TRAFFIC_NGINX_TEST_FAILED` */
  async test(): Promise<void> {
    await this.#call('-t');
  }

  /** Requests it only: new workers start when the master has read its configuration. @throws {StepError} `TRAFFIC_NGINX_TEST_FAILED` */
  async reload(): Promise<void> {
    await this.#call('-s', 'reload');
  }

  /** `test` and `reload` from a shell. */
  manualCommand(): string {
    const command = this.#command.map(shellWord).join(' ');
    return `${command} -t && ${command} -s reload`;
  }

  /** The process that is running. @throws {StepError} `TRAFFIC_NGINX_NOT_REACHED` */
  async pid({ directives }: NginxSetup): Promise<number> {
    const file = directives.find(({ words: [kind] }) => kind?.text === 'pid')?.words[1]?.text ?? (await this.#builtInPidFile());
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    const isNginx =
      pid > 0 && (await this.#processes()).some((process) => process.pid === pid && process.title.startsWith('nginx: master'));
    if (!isNginx) throw notReached(`no running nginx has written ${file}`);
    return pid;
  }

  async workers(master: number): Promise<readonly NginxWorker[]> {
    const processes = await this.#processes();
    return processes
      .filter(({ parent, title }) => parent === master && title.startsWith('nginx: worker process'))
      .map(({ pid, title }) => ({ pid, isLeaving: title.includes('shutting down') }));
  }

  async #processes() {
    const { stdout } = await this.#context.exec(['ps', '-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'args=']);
    return stdout.split('\n').map((line) => {
      const [, pid, parent, title = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), parent: Number(parent), title };
    });
  }

  async #builtInPidFile(): Promise<string> {
    const { stderr } = await this.#context.exec([...this.#command, '-V']);
    return /--pid-path=(\S+)/.exec(stderr)?.[1] ?? '/run/nginx.pid';
  }

  async #call(...args: readonly string[]): Promise<string> {
    const argv = [...this.#command, ...args];
    const { code, stdout, stderr } = await this.#context.exec(argv).catch((cause: unknown) => {
      this.#context.signal.throwIfAborted();
      throw notReached(`${argv.join(' ')} cannot be called`, cause);
    });
    if (code !== 0) throw refused(argv, stderr);
    return stdout;
  }
}

const notReached = (because: string, cause?: unknown) =>
  new StepError('TRAFFIC_NGINX_NOT_REACHED', `Nginx cannot be reached: ${because}.`, {
    hint: 'Check that nginx is running on this machine, and that `command` calls it with the flags it was started with.',
    retryable: true,
    cause,
  });

const refused = (argv: readonly string[], output: string) =>
  new StepError('TRAFFIC_NGINX_TEST_FAILED', `${argv.join(' ')} failed: ${linesOf(output)}`, {
    hint: 'Correct what nginx reports; then run the release again.',
  });

const linesOf = (output: string) =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('[notice]'))
    .slice(0, 5)
    .join('; ');

export const fileNotRead = (path: string) =>
  new StepError('TRAFFIC_NGINX_FILE_NOT_READ', `Nginx does not read ${path}: a change of this file would have no effect.`, {
    hint: 'Set `config` to a file that nginx reads (`nginx -T` lists them), or add the flags that nginx was started with to `command`.',
  });
