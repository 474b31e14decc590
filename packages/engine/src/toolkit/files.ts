import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Mode and owner of a written file, e.g. the `Stats` of the one that it replaces. */
export interface FileAttributes {
  /** Exact, whatever the umask is. */
  readonly mode: number;
  /** With `gid`; default: the user of this process. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Writes a file at once and durably: a reader, also after a crash or a power failure, finds the previous content or all of the new
 * one, and when the promise resolves, the new one is on the disk. The file may not exist yet; its folder must. A symbolic link is replaced
 * itself. Until it is complete, the content is in a draft beside the file, whose name starts with a dot and ends in `.draft`, so that
 * patterns such as `sites/*` or `*.yml` do not match it.
 * @param attributes default: mode 0644 without the bits of the umask, and the user of this process
 */
export async function replaceFile(path: string, content: string | Uint8Array, attributes?: FileAttributes): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.draft`);
  try {
    await writeDurably(draft, content, attributes);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  // The new name is durable only when the folder is.
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}

async function writeDurably(path: string, content: string | Uint8Array, attributes?: FileAttributes): Promise<void> {
  await using file = await open(path, 'wx', attributes ? attributes.mode & 0o777 : 0o644);
  await file.writeFile(content);
  if (attributes) {
    const { mode, uid, gid } = attributes;
    if (uid !== undefined && gid !== undefined) await file.chown(uid, gid);
    await file.chmod(mode & 0o777);
  }
  await file.sync();
}

/** The bytes of a file, or with an encoding its text; undefined when the file does not exist. Any other failure is thrown. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
export async function readIfThere(path: string, encoding: 'utf8'): Promise<string | undefined>;
export async function readIfThere(path: string, encoding?: 'utf8'): Promise<Uint8Array | string | undefined> {
  try {
    return await readFile(path, encoding ?? null);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** ENOTDIR: what should be a folder on the way to it is a file. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
