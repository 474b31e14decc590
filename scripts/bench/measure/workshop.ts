import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { tell } from './tell.ts';

/** A temporary folder on a real disk, gone when the benchmark ends. */
export class Workshop {
  readonly root = resolve(import.meta.dirname, '../../..');
  readonly relpipe = join(this.root, 'packages/engine/dist/cli/bin.js');
  readonly folder = mkdtempSync(join(tmpdir(), 'relpipe-bench-'));

  constructor() {
    process.once('exit', () => this.close());
    if (statfsSync(this.folder).type === tmpfs) tell(`${this.folder} is in memory: set TMPDIR to a folder on a disk, or "durable" means nothing.`);
  }

  /** Writes files by their path under a folder of the workshop. */
  lay(name: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.folder, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  /** Lets a folder use what is installed in the repository. */
  linkModules(folder: string): void {
    symlinkSync(join(this.root, 'node_modules'), join(folder, 'node_modules'));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** TMPFS_MAGIC, statfs(2). */
const tmpfs = 0x01021994;
