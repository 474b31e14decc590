import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { walk } from './nginx-conf.ts';
import type { NginxSetup } from './nginx-master.ts';

/** A log with one `$upstream_addr` a line: the servers that were asked for a request; the last of them answered it. */
export class AccessLog {
  readonly #path: string;
  readonly #counts = new Map<string, number>();
  #read: { readonly file: number; readonly bytes: number } | undefined;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {StepError} `TRAFFIC_NGINX_LOG_UNUSABLE` where nginx is not configured to write it, or it cannot be read */
  async check({ directives }: NginxSetup): Promise<void> {
    const all = [...walk(directives)].map(({ words }) => words.map(({ text }) => text));
    const formats = all.filter(([kind, path = '']) => kind === 'access_log' && resolve(path) === this.#path).map(([, , format]) => format);
    const fittingFormats = all
      .filter(([kind, , ...content]) => kind === 'log_format' && content.join(' ') === '$upstream_addr')
      .map(([, name]) => name);
    if (!formats.some((format) => format !== undefined && fittingFormats.includes(format)))
      throw unusable(this.#path, 'nginx does not write exactly $upstream_addr to it');
    await (await this.#open()).close();
  }

  /** Requests by the server that answered them, counted from what was the end of the log at the first call. */
  async count(): Promise<ReadonlyMap<string, number>> {
    await using log = await this.#open();
    const { size, ino } = await log.stat();
    const isOther = this.#read !== undefined && (this.#read.file !== ino || size < this.#read.bytes);
    const from = isOther ? 0 : (this.#read?.bytes ?? size);
    const { buffer, bytesRead } = await log.read({ buffer: Buffer.alloc(size - from), position: from });
    this.#read = { file: ino, bytes: from + bytesRead };
    const lines = `${this.#rest}${buffer.toString('latin1', 0, bytesRead)}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#countLine(line);
    return this.#counts;
  }

  #countLine(line: string): void {
    if (!/^\S+(?:(?:, | : )\S+)*$/.test(line)) throw unusable(this.#path, `it contains the line ${line.slice(0, 80)}`);
    const server = line.split(/, | : /).at(-1) ?? '';
    this.#counts.set(server, (this.#counts.get(server) ?? 0) + 1);
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.#path, 'r');
    } catch (cause) {
      throw unusable(this.#path, `it cannot be read: ${String(cause)}`);
    }
  }
}

const unusable = (path: string, because: string) =>
  new StepError('TRAFFIC_NGINX_LOG_UNUSABLE', `The log ${path} cannot be used to measure: ${because}.`, {
    hint: `Configure \`log_format upstream '$upstream_addr';\`, and where requests go to the upstream \`access_log ${path} upstream;\`.`,
  });
