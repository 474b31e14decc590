import { commandIdOf, type InboxCommand } from '../inbox-command.ts';
import { readSealed, type RefusedCommand } from '../sealed-command.ts';
import type { Fact } from '../../core/fact.ts';
import type { Database, Row } from './database.ts';

interface ReadInbox {
  readonly commands: readonly InboxCommand[];
  readonly refused: readonly RefusedCommand[];
}

/** The commands of a run that no fact has taken, each compared with its seal, and their number with the one that was sent. */
export function readInboxRows(database: Database, run: string): ReadInbox {
  const rows = database.all('commands', [run]);
  const commands: InboxCommand[] = [];
  const refused: RefusedCommand[] = [];
  for (const row of rows) {
    if (isTaken(database, run, row)) continue;
    const read = readSealed({ id: String(row['id']), run }, String(row['body']));
    if (read.refused) refused.push(read.refused);
    // A fact that is not there cannot have taken it: it was hidden.
    else if (row['taken_seq'] !== null && read.command) refused.push({ id: read.command.id, because: 'changed' });
    else if (read.command) commands.push(read.command);
  }
  const sent = Number(database.get('run', [run])?.['commands'] ?? 0);
  const missing = Array.from({ length: Math.max(0, sent - rows.length) }, () => ({ id: '', because: 'changed' }) as const);
  return { commands, refused: [...refused, ...missing] };
}

/** By the fact that came from it, whatever the row says. */
function isTaken(database: Database, run: string, row: Row): boolean {
  const facts = row['taken_seq'] === null ? database.all('factsWith', [run, String(row['id'])]) : database.all('fact', [run, Number(row['taken_seq'])]);
  return facts.some(({ body }) => commandIdIn(String(body)) === row['id']);
}

function commandIdIn(fact: string): string | undefined {
  try {
    return commandIdOf(JSON.parse(fact) as Fact);
  } catch {
    return undefined;
  }
}
