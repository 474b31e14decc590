import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { log } from './figure.ts';

/** A temporary folder on a disk, deleted when the benchmark ends. */
export class BenchFolder {
  readonly root = resolve(import.meta.dirname, '../../..');
  readonly relpipe = join(this.root, 'packages/engine/dist/cli/bin.js');
  readonly folder = mkdtempSync(join(tmpdir(), 'relpipe-bench-'));

  constructor() {
    process.once('exit', () => this.close());
    if (statfsSync(this.folder).type === tmpfs) log(`${this.folder} is in memory, where nothing is durable: set TMPDIR to a folder on a disk.`);
  }

  /** Writes files, by their paths, into a new folder. @returns its path */
  write(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  /** Makes the packages of the repository available in a folder. */
  linkModules(folder: string): void {
    symlinkSync(join(this.root, 'node_modules'), join(folder, 'node_modules'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** TMPFS_MAGIC, statfs(2). */
const tmpfs = 0x01021994;
