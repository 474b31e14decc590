import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BenchFolder } from '../measure/bench-folder.ts';
import { figureOf, type Figure } from '../measure/figure.ts';
import { timeCommand } from '../measure/time-command.ts';

const steps = 300;
const budget = 950;

/** The bytes that the facts of a run take in the journal, the plan included, for each of its steps. */
export async function factBytes(bench: BenchFolder): Promise<readonly Figure[]> {
  const cwd = bench.write('fact-bytes', { 'release.pipeline.yaml': pipeline });
  const journal = join(cwd, 'journal.db');
  await timeCommand({ argv: [bench.relpipe, 'run', '--journal', journal], cwd });
  const value = bytesOfFacts(journal) / steps;
  return [figureOf({ name: 'fact-bytes-per-step', unit: 'bytes', peer: `budget of ${budget} bytes`, target: 1, better: 'lower' }, [{ value, peerValue: budget }])];
}

function bytesOfFacts(journal: string): number {
  const database = new DatabaseSync(journal, { readOnly: true });
  try {
    const { bytes } = database.prepare('SELECT sum(octet_length(body)) AS bytes FROM facts').get() as { bytes: number };
    return bytes;
  } finally {
    database.close();
  }
}

const pipeline = `relpipe: 1
name: fact-bytes
stages:
  only:
    parallel: true
    steps:
${Array.from({ length: steps }, (_, i) => `      - { id: step-${i + 1}, run: "true" }`).join('\n')}
`;
