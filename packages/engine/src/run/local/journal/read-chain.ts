import { relpipeError } from '../../../errors/relpipe-error.ts';
import type { Fact } from '../../core/fact.ts';
import type { Row } from './database.ts';
import { emptyChain, hashOf, type ChainHead } from './fact-chain.ts';

export interface ReadChain {
  readonly facts: readonly Fact[];
  readonly head: ChainHead;
}

/** Rows of `facts` into facts. Throws `REL_JOURNAL_CHAIN_BROKEN` at the first one that is missing, changed or too much. */
export function readChain(file: string, run: string, rows: readonly Row[], head: Pick<ChainHead, 'seq' | 'hash'>): ReadChain {
  const broken = (seq: number, detail: string) => relpipeError('REL_JOURNAL_CHAIN_BROKEN', { file, run, seq, detail });
  const facts: Fact[] = [];
  let last = emptyChain;
  for (const row of rows) {
    const seq = last.seq + 1;
    if (row['seq'] !== seq) throw broken(seq, 'it is missing');
    const text = String(row['body']);
    const hash = hashOf(run, last.hash, text);
    if (hash !== row['hash']) throw broken(seq, 'its hash does not fit');
    const fact = JSON.parse(text) as Fact;
    if (fact.seq !== seq || fact.at !== row['at']) throw broken(seq, 'its number or time was changed');
    facts.push(fact);
    last = { seq, at: fact.at, hash };
  }
  if (last.seq !== head.seq || last.hash !== head.hash) {
    throw broken(Math.min(last.seq, head.seq) + 1, `the run has recorded ${head.seq} facts, and ${last.seq} are there`);
  }
  return { facts, head: last };
}
