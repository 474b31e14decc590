import { relpipeError } from '../../../errors/relpipe-error.ts';
import type { Fact } from '../../core/fact.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { untakenLetters, type Letter } from '../letter.ts';
import type { Database, Row } from './database.ts';
import { emptyChain, type ChainHead, type Link } from './fact-chain.ts';
import { readChain } from './read-chain.ts';
import { readRunRow, type RunRow, type RunSummary } from './run-row.ts';

/** One file: the facts of runs, hash-chained, with their measurements, letters and leases. */
export class Journal {
  readonly file: string;
  readonly database: Database;
  #lettersPut = 0;

  constructor(database: Database) {
    this.file = database.file;
    this.database = database;
  }

  /** Enters a run without facts. Throws `REL_RUN_EXISTS`. */
  createRun(run: Pick<RunRow, 'id' | 'name' | 'createdAt' | 'fingerprint'>): void {
    this.database.inTransaction(() => {
      if (this.findRun(run.id) !== undefined) throw relpipeError('REL_RUN_EXISTS', { run: run.id, file: this.file });
      const { id, name, createdAt, fingerprint } = run;
      this.database.run('createRun', { id, name, createdAt, fingerprint });
    });
  }

  /** Oldest first. */
  runs(): readonly RunRow[] {
    return this.database.all('runs').map(readRunRow);
  }

  findRun(id: string): RunRow | undefined {
    const row = this.database.get('run', [id]);
    return row && readRunRow(row);
  }

  /** What lists of runs show without reading facts. Throws `REL_LEASE_LOST`. */
  summarise(run: string, fence: number, summary: RunSummary): void {
    this.database.inTransaction(() => {
      this.insistOnFence(run, fence);
      const { state, outcome = null, wakeAt = null } = summary;
      this.database.run('summarise', { run, state, outcome, wakeAt });
    });
  }

  /** Every fact of the run, its chain checked. Throws `REL_RUN_UNKNOWN`, `REL_JOURNAL_CHAIN_BROKEN`. */
  readFacts(run: string): readonly Fact[] {
    return this.readRun(run).facts;
  }

  /** The facts, and the head from which the next ones go on. */
  readRun(run: string): { readonly facts: readonly Fact[]; readonly head: ChainHead } {
    return this.database.inTransaction(() => readChain(this.file, run, this.database.all('facts', [run]), this.#headOf(run)));
  }

  /**
   * Makes the facts durable in one transaction, and the letters they came from taken. Throws `REL_LEASE_LOST` when another
   * driver has taken over; then nothing is recorded.
   */
  append(run: string, fence: number, links: readonly Link[]): void {
    const [first, last] = [links[0], links.at(-1)];
    if (first === undefined || last === undefined) return;
    this.database.inTransaction(() => {
      this.insistOnFence(run, fence);
      for (const { fact, text, hash } of links) {
        this.database.run('insertFact', [run, fact.seq, fact.at, text, hash]);
        if (fact.fact === 'answered' || fact.fact === 'commanded') this.database.run('markTaken', [fact.seq, fact.id]);
      }
      const moved = this.database.run('moveHead', { run, from: first.fact.seq - 1, seq: last.fact.seq, hash: last.hash });
      if (moved !== 1) throw relpipeError('REL_LEASE_LOST', { run });
    });
  }

  saveMeasurements(run: string, records: readonly MeasurementRecord[]): void {
    if (records.length === 0) return;
    this.database.inTransaction(() => {
      for (const record of records) {
        this.database.run('insertMeasurement', [run, record.step, record.at, JSON.stringify(record)]);
      }
    });
  }

  /** In the order in which they were saved. */
  readMeasurements(run: string): readonly MeasurementRecord[] {
    return this.database.all('measurements', [run]).map((row) => JSON.parse(String(row['body'])) as MeasurementRecord);
  }

  /** For the driver of the run; putting a letter twice puts it once. Throws `REL_RUN_UNKNOWN`. */
  putLetter(letter: Letter): void {
    this.database.inTransaction(() => {
      this.#headOf(letter.run);
      this.database.run('insertLetter', [letter.id, letter.run, JSON.stringify(letter)]);
    });
    this.#lettersPut += 1;
  }

  /** Letters that are not in a fact yet; recording their fact takes them. */
  takeLetters(run: string): readonly Letter[] {
    return untakenLetters(this.database, run);
  }

  /** Throws `REL_LEASE_LOST`. Only inside a transaction does the answer still hold afterwards. */
  insistOnFence(run: string, fence: number): void {
    const lease = this.database.get('lease', [run]);
    if (lease?.['fence'] !== fence || lease['owner'] === null) throw relpipeError('REL_LEASE_LOST', { run });
  }

  /**
   * Another text when there may be new letters: this journal put one, or another connection has committed something
   * (https://www.sqlite.org/pragma.html#pragma_data_version).
   */
  lettersVersion(): string {
    return `${this.#lettersPut}/${this.database.pragma('data_version')}`;
  }

  close(): void {
    this.database.close();
  }

  #headOf(run: string): Pick<ChainHead, 'seq' | 'hash'> {
    const row: Row | undefined = this.database.get('head', [run]);
    if (row === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run, file: this.file });
    return { ...emptyChain, seq: Number(row['head_seq']), hash: String(row['head_hash']) };
  }
}
