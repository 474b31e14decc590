/**
 * What passes between relpipe and its launcher. Lengths have four bytes, big-endian, as has the number of a command in a report; in an
 * order it is digits.
 *
 * Orders: the length of all, then texts, each after its length; a list among them is texts in the same way. `environment` [NAME VALUE …]:
 * what all commands start from, sent first; `start` NUMBER, two entries for the process book (the second cut where the number of the
 * leader and its start belong), FOLDER, [WORD …], [NAME VALUE …]; `leave` NUMBER: no more of its output.
 *
 * Reports: the kind in one byte, the number of the command, the length of the payload, the payload.
 */
export interface Report {
  readonly kind: ReportKind;
  readonly command: number;
  readonly payload: Buffer;
}

/**
 * `ready` comes first; `started` has the number of its process, `failed` that of the error (errno(3)), as digits; an output that is
 * empty is closed; `exited` has the code in one byte and the signal in another.
 */
type ReportKind = (typeof kinds)[number];

const kinds = ['ready', 'started', 'failed', 'stdout', 'stderr', 'exited'] as const;
const headBytes = 9;

/** A text or a list. */
export type OrderPart = string | readonly string[];

export const orderFrame = (...parts: readonly OrderPart[]): Buffer => withLength(Buffer.concat(parts.map((part) => withLength(bytesOf(part)))));

const bytesOf = (part: OrderPart): Buffer =>
  typeof part === 'string' ? Buffer.from(part) : Buffer.concat(part.map((text) => withLength(Buffer.from(text))));

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Puts together what a pipe has cut anywhere. */
export class ReportReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Report[] {
    let left = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const reports: Report[] = [];
    for (let size = sizeOf(left); size <= left.length; size = sizeOf(left)) {
      reports.push(readReport(left.subarray(0, size)));
      left = left.subarray(size);
    }
    this.#rest = left;
    return reports;
  }
}

/** Of the first report; more than there is as long as its head is not whole. */
const sizeOf = (bytes: Buffer): number => (bytes.length < headBytes ? headBytes : headBytes + bytes.readUInt32BE(5));

function readReport(bytes: Buffer): Report {
  const kind = kinds[bytes.readUInt8(0)];
  if (kind === undefined) throw new TypeError(`no report of a launcher begins with ${bytes.readUInt8(0)}`);
  return { kind, command: bytes.readUInt32BE(1), payload: bytes.subarray(headBytes) };
}
