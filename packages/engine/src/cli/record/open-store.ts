import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { isRelpipeError, RelpipeError, relpipeError } from '../../errors/relpipe-error.ts';
import { type CommandPlace, nextCommandsAt } from '../../report/text/next-commands.ts';
import { openRunStore } from '../../run/store/open-run-store.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { programName } from '../program-name.ts';
import { journalFileIn, makeRelpipeFolder, relpipeFolderIn, relpipeFolderName, rootAround } from '../../util/relpipe-folder.ts';

export interface OpenedStore {
  readonly store: RunStore;
  /** `.relpipe`: logs and reports of runs are in it. */
  readonly relpipeFolder: string;
  /** What paths in plans are relative to: the repository around the folder, else the folder. */
  readonly root: string;
  /** It lies in the `.relpipe` of its repository, so that `root` is certain. */
  readonly isAtHome: boolean;
}

interface StorePlace {
  /** Default: where the command was typed. */
  readonly folder?: string;
  /** The file that was named, if any. */
  readonly file: string | undefined;
  /** With `read`, a journal that this user may not write will do. */
  readonly access: 'read' | 'write';
}

/** Opens the journal of the repository around a folder, or the file that was named, for as long as it is used. */
export async function withStore<T>(place: StorePlace, use: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const opened = await openStoreAt(place);
  try {
    return await use(opened);
  } catch (error) {
    throw isRelpipeError(error) ? withHint(error, nextCommandsAt(commandPlace(opened)).inText(error.hint ?? '')) : error;
  } finally {
    await opened.store.close();
  }
}

const withHint = (error: RelpipeError, hint: string): RelpipeError =>
  hint === '' ? error : new RelpipeError(error.code, { message: error.message, hint }, error);

/** As `withStore`, only to read: no journal is made. Throws `REL_NO_RUNS` where there is none. */
export async function withExistingStore<T>(place: Required<Omit<StorePlace, 'access'>>, use: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const journal = journalOf(place);
  if (!existsSync(journal)) throw relpipeError('REL_NO_RUNS', { journal });
  return withStore({ ...place, access: 'read' }, use);
}

/** The journal that a place names. */
export const journalOf = ({ folder, file }: Required<Omit<StorePlace, 'access'>>): string =>
  file === undefined ? journalFileIn(relpipeFolderIn(rootAround(folder, process.cwd()))) : resolve(file);

async function openStoreAt({ folder = process.cwd(), file, access }: StorePlace): Promise<OpenedStore> {
  const home = folderOf(file);
  const relpipeFolder = home ?? relpipeFolderFor(folder);
  const store = await openRunStore(file === undefined ? journalFileIn(relpipeFolder) : resolve(file), access);
  return { relpipeFolder, root: dirname(relpipeFolder), isAtHome: file === undefined || home !== undefined, store };
}

/** The journal of another repository, named by its file, brings its logs and process registries along. */
function folderOf(file: string | undefined): string | undefined {
  const folder = file === undefined ? undefined : dirname(resolve(file));
  return folder !== undefined && basename(folder) === relpipeFolderName ? folder : undefined;
}

/** Logs and process registries need the folder too, wherever the journal lies. */
function relpipeFolderFor(folder: string): string {
  try {
    return makeRelpipeFolder(rootAround(folder, process.cwd()));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw relpipeError('REL_JOURNAL_UNREACHABLE', { file: journalFileIn(relpipeFolderIn(resolve(folder))), detail: error.message }, error);
  }
}

/** What a command typed in this folder needs to find the runs of a journal; nothing, for that of the repository around it. */
export function commandPlace({ store, root, isAtHome }: OpenedStore): CommandPlace {
  const here = rootAround(process.cwd(), process.cwd());
  const program = programName();
  if (store.place === journalFileIn(relpipeFolderIn(here))) return { program };
  return { program, journal: store.place, ...(!isAtHome && root !== here && { folder: root }) };
}
