import { readFile, realpath } from 'node:fs/promises';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { shellWord } from '../../sides/shell-word.ts';
import { readDirectives, type Directive } from './conf/directives.ts';

/** What nginx would read now. */
export interface NginxSetup {
  readonly directives: readonly Directive[];
  /** All files, links followed. */
  readonly files: readonly string[];
}

export interface NginxWorker {
  readonly pid: number;
  /** It finishes what it has, by the former configuration. */
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
    return { directives: readDirectives(dump), files };
  }

  /** Whether nginx could take its configuration as it stands. @throws {StepError} `TRAFFIC_NGINX_TEST_FAILED` */
  async test(): Promise<void> {
    await this.#call('-t');
  }

  /** Only asks for it: new workers come when the master has read its configuration. @throws {StepError} `TRAFFIC_NGINX_TEST_FAILED` */
  async reload(): Promise<void> {
    await this.#call('-s', 'reload');
  }

  /** `test` and `reload` from a shell. */
  byHand(): string {
    const command = this.#command.map(shellWord).join(' ');
    return `${command} -t && ${command} -s reload`;
  }

  /** The process that lives. @throws {StepError} `TRAFFIC_NGINX_NOT_REACHED` */
  async pid({ directives }: NginxSetup): Promise<number> {
    const file = directives.find(({ words: [kind] }) => kind?.text === 'pid')?.words[1]?.text ?? (await this.#builtInPidFile());
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    const isNginx = pid > 0 && (await this.#processes()).some((process) => process.pid === pid && process.title.startsWith('nginx: master'));
    if (!isNginx) throw notReached(`no nginx lives that has written ${file}`);
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
    hint: 'See whether nginx runs on this machine; `command` says how it is called, with the flags it was started with.',
    retryable: true,
    cause,
  });

const refused = (argv: readonly string[], said: string) =>
  new StepError('TRAFFIC_NGINX_TEST_FAILED', `${argv.join(' ')} failed: ${linesOf(said)}`, {
    hint: 'Mend what nginx complains about; then run the release again.',
  });

const linesOf = (said: string) => said.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.includes('[notice]')).slice(0, 5).join('; ');
