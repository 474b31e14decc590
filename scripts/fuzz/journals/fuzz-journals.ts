import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInWorkers } from '../../forked-workers.ts';
import type { Findings } from '../findings.ts';
import type { JournalAnswer, JournalSetup } from './journal-worker.ts';
import { recordJournal } from './record-journal.ts';

/** Damages a recorded journal, and reads it: what is shown is what was recorded, or the journal is refused. */
export async function fuzzJournals(seed: number, count: number, found: Findings): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'relpipe-fuzz-'));
  const figures = { 'wrong shown': 0, stacks: 0 };
  try {
    const setup: JournalSetup = { seed, folder, runs: recordJournal(folder) };
    const tasks = Array.from({ length: count }, (_, n) => ({ n }));
    const program = new URL('journal-worker.ts', import.meta.url);
    await runInWorkers<{ n: number }, JournalAnswer>({ program, setup, tasks, longestMs: 60_000, memoryMb: 1024 }, ({ n }, outcome) => {
      const { what, wrong, stacks, bytes } = 'answer' in outcome ? outcome.answer : { what: '', wrong: [], stacks: [outcome.ended], bytes: '' };
      if (wrong.length > 0) figures['wrong shown'] += 1;
      if (stacks.length > 0) figures.stacks += 1;
      if (wrong.length + stacks.length > 0) found.keep(`journal ${String(n)}`, [what, ...wrong, ...stacks].join('\n'), bytes);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return `journals: ${String(count)}, ${Object.entries(figures).map(([name, figure]) => `${name}: ${String(figure)}`).join(', ')}`;
}
