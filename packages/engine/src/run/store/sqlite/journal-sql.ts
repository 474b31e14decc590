/**
 * Of what the file holds. Formats 1 to 3 were never released: format 1 kept commands in another table, and decisions without their
 * consequences; in format 2 the rows of runs had no seals; format 3 had no groups of runs.
 */
export const journalFormat = 4;

/** Marks a journal of relpipe in the file's header: the characters `rlpp`. */
export const applicationId = 0x726c7070;

export const connectionSql = 'PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON';

/** Only once the tables are there, so that a file whose tables are in the WAL does not look like a new one. */
export const walSql = 'PRAGMA journal_mode = WAL';

/** Brings what is in the WAL into the file itself, and syncs it; waits for nobody: https://www.sqlite.org/pragma.html#pragma_wal_checkpoint */
export const foldInSql = 'PRAGMA wal_checkpoint(PASSIVE)';

export const schemaSql = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    wake_at INTEGER,
    commands INTEGER NOT NULL,
    seal TEXT NOT NULL,
    head_seq INTEGER NOT NULL,
    head_hash TEXT NOT NULL
  ) STRICT;
  CREATE TABLE facts (
    run TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE measurements (
    n INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs (id),
    step TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX measurements_of_run ON measurements (run, step, at);
  CREATE TABLE inbox (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    run TEXT NOT NULL REFERENCES runs (id),
    body TEXT NOT NULL,
    taken_seq INTEGER
  ) STRICT;
  CREATE INDEX inbox_untaken ON inbox (run, n) WHERE taken_seq IS NULL;
  CREATE TABLE leases (
    run TEXT PRIMARY KEY REFERENCES runs (id),
    owner TEXT,
    fence INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE groups (
    name TEXT NOT NULL,
    run TEXT NOT NULL REFERENCES runs (id),
    at TEXT NOT NULL,
    rank INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    effect TEXT NOT NULL,
    seal TEXT NOT NULL,
    PRIMARY KEY (name, run)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('format', '${journalFormat}'), ('runs', '0'), ('groups', '0');
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${journalFormat};
`;

export const sql = {
  tables: "SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'",

  markAsPart: "INSERT INTO meta VALUES ('rest', 'in the WAL') ON CONFLICT (name) DO NOTHING",
  markAsWhole: "DELETE FROM meta WHERE name = 'rest'",
  partMark: "SELECT value FROM meta WHERE name = 'rest'",

  createRun: `INSERT INTO runs (id, name, created_at, fingerprint, state, commands, seal, head_seq, head_hash)
    VALUES (:id, :name, :createdAt, :fingerprint, 'running', 0, '', 0, '')`,
  countRun: "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'runs'",
  runCounts: "SELECT (SELECT count(*) FROM runs) AS 'is', (SELECT value FROM meta WHERE name = 'runs') AS should",
  countCommand: 'UPDATE runs SET commands = commands + 1 WHERE id = ?',
  seal: 'UPDATE runs SET seal = ? WHERE id = ?',
  runs: `SELECT * FROM runs ORDER BY created_at, id`,
  run: `SELECT * FROM runs WHERE id = ?`,
  summarise: 'UPDATE runs SET state = :state, outcome = :outcome, wake_at = :wakeAt WHERE id = :run',

  head: 'SELECT head_seq, head_hash FROM runs WHERE id = ?',
  moveHead: 'UPDATE runs SET head_seq = :seq, head_hash = :hash WHERE id = :run AND head_seq = :from',
  insertFact: 'INSERT INTO facts (run, seq, at, body, hash) VALUES (?, ?, ?, ?, ?)',
  fact: 'SELECT body FROM facts WHERE run = ? AND seq = ?',
  factsWith: 'SELECT body FROM facts WHERE run = ? AND instr(body, ?) > 0',
  facts: 'SELECT seq, at, body, hash FROM facts WHERE run = ? ORDER BY seq',

  insertMeasurement: 'INSERT INTO measurements (run, step, at, body) VALUES (?, ?, ?, ?)',
  measurements: 'SELECT body FROM measurements WHERE run = ? ORDER BY n',

  insertCommand: 'INSERT INTO inbox (id, run, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
  /** Another number when another connection has written: https://www.sqlite.org/pragma.html#pragma_data_version */
  dataVersion: 'PRAGMA data_version',
  commands: 'SELECT id, body, taken_seq FROM inbox WHERE run = ? ORDER BY n',
  takeCommand: 'UPDATE inbox SET taken_seq = ? WHERE id = ?',

  lease: 'SELECT owner, fence, heartbeat_at FROM leases WHERE run = ?',
  takeLease: `INSERT INTO leases (run, owner, fence, heartbeat_at) VALUES (:run, :owner, 1, :at)
    ON CONFLICT (run) DO UPDATE SET owner = :owner, fence = fence + 1, heartbeat_at = :at
    RETURNING fence`,
  owners: 'SELECT run, owner FROM leases WHERE owner IS NOT NULL',
  beat: 'UPDATE leases SET heartbeat_at = :at WHERE run = :run AND fence = :fence',
  releaseLease: 'UPDATE leases SET owner = NULL WHERE run = :run AND fence = :fence',

  groups: 'SELECT * FROM groups ORDER BY name, taken, arrived',
  writeGroup: `INSERT INTO groups (name, run, at, rank, arrived, taken, effect, seal) VALUES (:name, :run, :at, :rank, :arrived, :taken, :effect, :seal)
    ON CONFLICT (name, run) DO UPDATE SET at = :at, rank = :rank, arrived = :arrived, taken = :taken, effect = :effect, seal = :seal`,
  countGroups: "UPDATE meta SET value = (SELECT count(*) FROM groups) WHERE name = 'groups'",
  groupCounts: "SELECT (SELECT count(*) FROM groups) AS 'is', (SELECT value FROM meta WHERE name = 'groups') AS should",
} as const;

export type SqlName = keyof typeof sql;
