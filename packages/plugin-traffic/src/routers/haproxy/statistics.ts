import { StepError } from 'relpipe/plugin';
import type { RuntimeApi } from './runtime-api.ts';

/** What `show stat` prints of one server. Source: HAProxy management guide, section 9.1 "CSV format". */
interface ServerStatistics {
  /** As HAProxy words it, e.g. `UP`, `DOWN (L4CON: Connection refused)` or `MAINT (resolution)`. */
  readonly status: string;
  readonly isBackup: boolean;
  /** Requests that it was given since HAProxy was started or reloaded, including those that stick to it. */
  readonly sessions: number;
}

/** The statistics of a backend and its servers. */
export interface BackendStatistics {
  readonly servers: ReadonlyMap<string, ServerStatistics>;
  /** The algorithm, e.g. `roundrobin`; empty where HAProxy does not print it. */
  readonly balance: string;
}

export async function readStatistics(api: RuntimeApi, backend: string): Promise<BackendStatistics> {
  const rows = parseRows(await api.ask(`show stat ${backend} ${backendAndServers} -1`));
  const servers = rows.filter(({ type }) => type === server).map((row) => [row['svname'] ?? '', statisticsFrom(row)] as const);
  return { servers: new Map(servers), balance: rows.find(({ type }) => type === backendRow)?.['algo'] ?? '' };
}

/** The types of rows are bits in the command, and numbers in the answer. */
const backendAndServers = 2 + 4;
const backendRow = '1';
const server = '2';

type Row = Readonly<Record<string, string>>;

function parseRows(csv: string): readonly Row[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const columns = header.replace('# ', '').split(',');
  return lines.map((line) => {
    const values = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    return Object.fromEntries(columns.map((column, n) => [column, values[n] ?? '']));
  });
}

function statisticsFrom({ status = '', check_status: check = '', last_chk: reason, check_desc: description, bck, stot }: Row): ServerStatistics {
  const words = reason === '' || reason === undefined ? description : reason;
  const because = check === '' ? '' : ` (${check.replace('* ', '')}${words === '' || words === undefined ? '' : `: ${words}`})`;
  return { status: status.startsWith('DOWN') ? `${status}${because}` : status, isBackup: bck === '1', sessions: Number(stot) };
}

/**
 * Refuses algorithms by which weights are fixed while HAProxy runs, or are not shares. Source: HAProxy configuration manual, "balance" and
 * "hash-type".
 * @throws {StepError} `TRAFFIC_SHARE_UNSUPPORTED`
 */
export function requireShares(name: string, balance: string, hashType: 'consistent' | undefined): void {
  const algorithm = balance.replace(/\(.*/, '');
  const isHash = hashes.has(algorithm);
  if (!neverShares.has(algorithm) && (!isHash || hashType === 'consistent')) return;
  const orConsistent =
    ' Or configure `hash-type consistent`, and set `hash-type: consistent` at `haproxy`: then the share is one of users, not of requests.';
  throw new StepError('TRAFFIC_SHARE_UNSUPPORTED', `${name} has \`balance ${balance}\`, by which weights are not shares of the requests.`, {
    hint: `Use \`balance roundrobin\`, \`leastconn\` or \`random\`.${isHash ? orConsistent : ''}`,
  });
}

/** Of these, HAProxy does not report the `hash-type`. */
const hashes: ReadonlySet<string> = new Set(['source', 'uri', 'url_param', 'hdr', 'rdp-cookie', 'hash']);
const neverShares: ReadonlySet<string> = new Set(['static-rr', 'first']);
