import { constants } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { messageOf, readIfThere, replaceFile } from 'relpipe/plugin/toolkit';

/** A file for node_exporter (https://github.com/prometheus/node_exporter#textfile-collector). Throws `PROMETHEUS_TEXTFILE_UNUSABLE`. */
export class Textfile {
  readonly name: string;

  constructor(path: string) {
    this.name = path;
  }

  async read(): Promise<string | undefined> {
    return this.#use(async () => {
      await access(dirname(this.name), constants.W_OK);
      return readIfThere(this.name, 'utf8');
    });
  }

  async write(text: string): Promise<void> {
    await this.#use(() => replaceFile(this.name, text));
  }

  async remove(): Promise<void> {
    await this.#use(() => rm(this.name, { force: true }));
  }

  async #use<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const why = messageOf(error);
      throw new StepError('PROMETHEUS_TEXTFILE_UNUSABLE', `${this.name} cannot be used: ${why}.`, {
        hint: 'Choose a file in a folder that exists and that this user may write to.',
        cause: error,
      });
    }
  }
}
