import { constants } from 'node:fs';
import { access, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import type { MetricsPlace } from './metrics-place.ts';

/**
 * A file that node_exporter reads (https://github.com/prometheus/node_exporter#textfile-collector). It is replaced by renaming, so that
 * no scrape sees half of it; the new one has no `.prom` at its end until then.
 */
export class Textfile implements MetricsPlace {
  readonly name: string;

  constructor(path: string) {
    this.name = path;
  }

  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.name, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return this.#insistOnFolder();
      throw unusable(this.name, error);
    }
  }

  async write(text: string): Promise<void> {
    const next = join(dirname(this.name), `.${basename(this.name)}.relpipe`);
    try {
      await writeDurably(next, text);
      await rename(next, this.name);
    } catch (error) {
      await rm(next, { force: true });
      throw unusable(this.name, error);
    }
  }

  async remove(): Promise<void> {
    await rm(this.name, { force: true });
  }

  async #insistOnFolder(): Promise<undefined> {
    try {
      await access(dirname(this.name), constants.W_OK);
    } catch (error) {
      throw unusable(this.name, error);
    }
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const unusable = (path: string, cause: unknown) =>
  new StepError('PROMETHEUS_TEXTFILE_UNUSABLE', `${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`, {
    hint: 'Name a file in a folder that exists and that this user may write to.',
    cause,
  });
