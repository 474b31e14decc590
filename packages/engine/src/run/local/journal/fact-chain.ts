import { createHash } from 'node:crypto';
import type { Fact, FactBody } from '../../core/fact.ts';

/** A fact as it is kept: its text, and the hash that ties it to everything before. */
export interface Link {
  readonly fact: Fact;
  /** JSON of the whole fact, `seq` and `at` included. This text, byte for byte, is what is hashed. */
  readonly text: string;
  /** SHA-256 (hex) over the former fact's hash followed by `text`; the first one follows the run's id. */
  readonly hash: string;
}

/** The last fact of a run. */
export interface ChainHead {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { seq: 0, at: 0, hash: '' };

/** Stamps a fact. Its time never goes back, whatever the clock says. */
export function linkFact(run: string, head: ChainHead, body: FactBody, now: number): Link {
  const fact: Fact = { ...body, seq: head.seq + 1, at: Math.max(now, head.at) };
  const text = JSON.stringify(fact);
  return { fact, text, hash: hashOf(run, head.hash, text) };
}

export const hashOf = (run: string, former: string, text: string): string =>
  createHash('sha256').update(former === '' ? run : former).update(text).digest('hex');
