import type { CommandPlace } from '../report/text/next-commands.ts';
import { journalFileIn, relpipeFolderIn, rootAround } from '../run/local/journal/journal-place.ts';
import type { OpenedJournal } from './journal-at.ts';

/** What a command typed in this folder has to say to find the runs of a journal; nothing, for that of the repository around it. */
export function commandPlace({ journal, root, isAtHome }: OpenedJournal): CommandPlace {
  const here = rootAround(process.cwd(), process.cwd());
  if (journal.file === journalFileIn(relpipeFolderIn(here))) return {};
  return { journal: journal.file, ...(!isAtHome && root !== here && { folder: root }) };
}
