import { hash } from 'node:crypto';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import { writeJson } from '../../util/write-json.ts';

/** A fact as it is kept: its text, and the hash that ties it to everything before. */
export interface Link {
  readonly fact: Fact;
  /** JSON of the whole fact, `seq` and `at` included. This text, byte for byte, is what is hashed. */
  readonly text: string;
  /** SHA-256 (hex) over the previous fact's hash followed by `text`; the first one follows the run's id. */
  readonly hash: string;
}

/** The last fact of a run. */
export interface ChainHead {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { seq: 0, at: 0, hash: '' };

/** Stamps a fact. Its time never decreases, whatever the clock says. */
export function linkFact(run: string, head: ChainHead, body: FactBody, now: number): Link {
  const fact: Fact = { ...body, seq: head.seq + 1, at: Math.max(now, head.at) };
  const text = writeJson(fact);
  return { fact, text, hash: hashOf(run, head.hash, text) };
}

const hashOf = (run: string, previous: string, text: string): string => hash('sha256', `${previous === '' ? run : previous}${text}`);

/** A link as a store returns it. */
export type StoredLink = Pick<Fact, 'seq' | 'at'> & Pick<Link, 'text' | 'hash'>;

/** A run as it was recorded, its chain checked. */
export interface RecordedRun {
  readonly facts: readonly Fact[];
  /** Where the next fact continues. */
  readonly head: ChainHead;
}

/** Where a run is kept, for messages. */
interface Origin {
  readonly place: string;
  readonly run: string;
}

/** Links back into facts. Throws `REL_JOURNAL_CHAIN_BROKEN` at the first one that is missing, changed or too much. */
export function checkChain({ place, run }: Origin, links: Iterable<StoredLink>, head: Pick<ChainHead, 'seq' | 'hash'>): RecordedRun {
  const broken = (seq: number, detail: string) => relpipeError('REL_JOURNAL_CHAIN_BROKEN', { file: place, run, seq, detail });
  const facts: Fact[] = [];
  let last = emptyChain;
  for (const link of links) {
    const seq = last.seq + 1;
    if (link.seq !== seq) throw broken(seq, 'it is missing');
    const hash = hashOf(run, last.hash, link.text);
    if (hash !== link.hash) throw broken(seq, 'its hash does not fit');
    const fact = readFact(link.text);
    if (fact === undefined) throw broken(seq, 'it cannot be read');
    if (fact.seq !== seq || fact.at !== link.at) throw broken(seq, 'its number or time was changed');
    facts.push(fact);
    last = { seq, at: fact.at, hash };
  }
  if (last.seq !== head.seq || last.hash !== head.hash) {
    throw broken(Math.min(last.seq, head.seq) + 1, `the run has recorded ${head.seq} facts, and ${last.seq} are there`);
  }
  return { facts, head: last };
}

function readFact(text: string): Fact | undefined {
  try {
    return (JSON.parse(text) as Fact | null) ?? undefined;
  } catch {
    return undefined;
  }
}
