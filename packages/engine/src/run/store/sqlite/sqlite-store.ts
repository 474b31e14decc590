import { relpipeError } from '../../../errors/relpipe-error.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { checkChain, type ChainHead, type Link, type RecordedRun, type StoredLink } from '../fact-chain.ts';
import { returnGroup, takeGroup, type GroupAnswer, type GroupAsk, type GroupRow } from '../group-rules.ts';
import { commandIdOf, type InboxCommand } from '../inbox-command.ts';
import { type RefusedCommand, sealCommand } from '../sealed-command.ts';
import type { Batch, Driver, Lease, NewRun, RunRow, RunStore } from '../run-store.ts';
import type { Database, Row } from './database.ts';
import { readGroups, writeGroups } from './group-rows.ts';
import { foldIn, markAsWhole } from './main-file.ts';
import { readInboxRows } from './inbox-rows.ts';
import { readRecorded } from './recorded-json.ts';
import { countCommand, findRunRow, insertRun, readRunRows, summariseRun } from './run-rows.ts';
import { requireFence, driverOf, takeLease } from './sqlite-lease.ts';
import { writeJson } from '../../../util/write-json.ts';

interface ReadInbox {
  readonly version: string;
  readonly commands: readonly InboxCommand[];
  readonly refused: readonly RefusedCommand[];
}

/** Runs in one SQLite file, the journal. Several processes of this machine may use it at once. */
export class SqliteStore implements RunStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #inboxes = new Map<string, ReadInbox>();
  #ownChanges = 0;
  /** The main file says that it is only a part, since this process drives a run. */
  #isMarked = false;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  get place(): string {
    return this.#database.file;
  }

  async createRun(run: NewRun): Promise<void> {
    this.#database.inTransaction(() => insertRun(this.#database, run));
  }

  async runs(): Promise<readonly RunRow[]> {
    return this.#database.inTransaction(() => readRunRows(this.#database));
  }

  async findRun(run: string): Promise<RunRow | undefined> {
    return this.#database.inTransaction(() => findRunRow(this.#database, run));
  }

  async readRun(run: string): Promise<RecordedRun> {
    const { place } = this;
    return this.#database.inTransaction(() => {
      const head = this.#headOf(run);
      if (head === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run, file: place });
      return checkChain({ place, run }, this.#database.all('facts', [run]).map(readLink), head);
    });
  }

  async readMeasurements(run: string): Promise<readonly MeasurementRecord[]> {
    return this.#database.all('measurements', [run]).map((row) => readRecorded(row['body'], isMeasurement, this.place, `a measurement of run ${run}`));
  }

  async takeLease(run: string): Promise<Lease> {
    const lease = takeLease(this.#database, run, this.#now);
    const release = async (): Promise<void> => {
      await lease.release();
      markAsWhole(this.#database);
      foldIn(this.#database);
      this.#isMarked = false;
    };
    return { ...lease, release };
  }

  async isDriven(run: string): Promise<boolean> {
    return (await this.driver(run)) !== undefined;
  }

  async driver(run: string): Promise<Driver | undefined> {
    return driverOf(this.#database, run, this.#now());
  }

  async commit({ run, fence, facts = [], measurements = [], summary, returned = [] }: Batch): Promise<void> {
    const isFirst = !this.#isMarked && facts.length > 0;
    this.#database.inTransaction(() => {
      requireFence(this.#database, run, fence);
      if (this.#isRecorded(run, facts)) return;
      if (isFirst) this.#database.run('markAsPart');
      this.#insertFacts(run, facts);
      for (const one of measurements) this.#database.run('insertMeasurement', [run, one.step, one.at, writeJson(one)]);
      for (const { lock: group, effect } of returned) writeGroups(this.#database, returnGroup(readGroups(this.#database), { group, run, effect }));
      if (summary !== undefined) summariseRun(this.#database, run, summary);
    });
    if (!isFirst) return;
    this.#isMarked = true;
    foldIn(this.#database);
  }

  async send(command: InboxCommand): Promise<void> {
    const { id, run } = command;
    this.#database.inTransaction(() => {
      if (findRunRow(this.#database, run) === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run, file: this.place });
      if (this.#database.run('insertCommand', [id, run, sealCommand(command, this.#now())]) === 1) countCommand(this.#database, run);
    });
    this.#ownChanges += 1;
  }

  async inbox(run: string): Promise<readonly InboxCommand[]> {
    return this.#readInbox(run).commands;
  }

  async refusedCommands(run: string): Promise<readonly RefusedCommand[]> {
    return this.#readInbox(run).refused;
  }

  #readInbox(run: string): ReadInbox {
    // Another text when this connection, or another one, has written.
    const version = `${this.#ownChanges}/${String(this.#database.get('dataVersion')?.['data_version'])}`;
    const known = this.#inboxes.get(run);
    if (known?.version === version) return known;
    const inbox = { version, ...readInboxRows(this.#database, run) };
    this.#inboxes.set(run, inbox);
    return inbox;
  }

  async takeGroup(ask: GroupAsk): Promise<GroupAnswer> {
    return this.#database.inTransaction(() => {
      requireFence(this.#database, ask.run, ask.fence);
      const { answer, changed } = takeGroup(readGroups(this.#database), ask);
      writeGroups(this.#database, changed);
      return answer;
    });
  }

  async groups(): Promise<readonly GroupRow[]> {
    return this.#database.inTransaction(() => readGroups(this.#database));
  }

  async close(): Promise<void> {
    markAsWhole(this.#database);
    this.#database.close();
  }

  #headOf(run: string): Pick<ChainHead, 'seq' | 'hash'> | undefined {
    const row = this.#database.get('head', [run]);
    return row && { seq: Number(row['head_seq']), hash: String(row['head_hash']) };
  }

  #isRecorded(run: string, facts: readonly Link[]): boolean {
    const last = facts.at(-1);
    const head = last && this.#headOf(run);
    return head !== undefined && head.seq === last?.fact.seq && head.hash === last.hash;
  }

  /** The head moves only from the fact before the first one: a driver with an older fence would leave a gap. */
  #insertFacts(run: string, facts: readonly Link[]): void {
    const [first, last] = [facts[0], facts.at(-1)];
    if (first === undefined || last === undefined) return;
    for (const { fact, text, hash } of facts) {
      this.#database.run('insertFact', [run, fact.seq, fact.at, text, hash]);
      const command = commandIdOf(fact);
      if (command === undefined) continue;
      this.#database.run('takeCommand', [fact.seq, command]);
      this.#ownChanges += 1;
    }
    const moved = this.#database.run('moveHead', { run, from: first.fact.seq - 1, seq: last.fact.seq, hash: last.hash });
    if (moved !== 1) throw relpipeError('REL_LEASE_LOST', { run });
  }
}

const readLink = (row: Row): StoredLink => ({ seq: Number(row['seq']), at: Number(row['at']), text: String(row['body']), hash: String(row['hash']) });

const isMeasurement = (fields: Readonly<Record<string, unknown>>): boolean =>
  ['step', 'gate', 'metric', 'side', 'query'].every((name) => typeof fields[name] === 'string') &&
  Number.isFinite(fields['at']) &&
  (fields['value'] === null || ['number', 'string'].includes(typeof fields['value'])) &&
  Array.isArray(fields['warnings']);
