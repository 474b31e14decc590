import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Shown of one kind of finding; all of them are kept. */
const shown = 20;

/** Prints what was found on standard error, and keeps the inputs in files. */
export class Findings {
  #folder: string | undefined;
  #count = 0;

  keep(title: string, detail: string, input: Uint8Array | string): void {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'relpipe-fuzz-found-'));
    this.#count += 1;
    const file = join(this.#folder, title.replaceAll(/\W+/g, '-'));
    writeFileSync(file, input);
    writeFileSync(`${file}.txt`, detail);
    if (this.#count <= shown) this.note(`${title}, ${file}\n${detail.slice(0, 1500)}`);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}
