import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TaskOp } from '../../core/operation.ts';
import type { RunFolder } from '../run-folder.ts';

type Attempt = Parameters<RunFolder['outputFile']>[0];

const filesOf = (attempt: Attempt, folder: RunFolder): readonly string[] => [folder.outputFile(attempt), folder.stateFile(attempt)];

/** A command may write a secret to them by mistake, so nobody else can read them, whatever its umask says. */
export function makeExchanged(attempt: Attempt, folder: RunFolder): void {
  if (!existsSync(folder.exchange)) mkdirSync(folder.exchange, { recursive: true });
  for (const file of filesOf(attempt, folder)) closeSync(openSync(file, 'a', 0o600));
}

export function removeExchanged(attempt: Attempt, folder: RunFolder): void {
  for (const file of filesOf(attempt, folder)) rmSync(file, { force: true });
}

/** Files of attempts that have ended, whose driver was killed before it removed them. */
export function removeForgotten(open: readonly TaskOp[], folder: RunFolder): void {
  if (!existsSync(folder.exchange)) return;
  const used = new Set(open.flatMap((op) => filesOf(op, folder)).map((file) => basename(file)));
  for (const name of readdirSync(folder.exchange)) if (!used.has(name)) rmSync(join(folder.exchange, name), { force: true });
}
