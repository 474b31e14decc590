import type { OutputName } from '../command-starter.ts';

/** What passes between relpipe and its launcher: a message (JSON) or a piece of output, about the command with this number. */
export interface Frame {
  readonly kind: 'message' | OutputName;
  readonly command: number;
  readonly payload: Buffer;
}

const kinds = ['message', 'stdout', 'stderr'] as const;
/** The kind's place in one byte, command and length of the payload in four each, big-endian. */
const headBytes = 9;

export function writeFrame({ kind, command, payload }: Frame): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt8(kinds.indexOf(kind), 0);
  head.writeUInt32BE(command, 1);
  head.writeUInt32BE(payload.length, 5);
  return Buffer.concat([head, payload]);
}

export const messageFrame = (command: number, message: unknown): Buffer =>
  writeFrame({ kind: 'message', command, payload: Buffer.from(JSON.stringify(message)) });

/** Puts together what a pipe has cut anywhere. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Frame[] {
    let left = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let size = sizeOf(left); size <= left.length; size = sizeOf(left)) {
      frames.push(readFrame(left.subarray(0, size)));
      left = left.subarray(size);
    }
    this.#rest = left;
    return frames;
  }
}

/** Of the first frame; more than there is as long as its head is not whole. */
const sizeOf = (bytes: Buffer): number => (bytes.length < headBytes ? headBytes : headBytes + bytes.readUInt32BE(5));

function readFrame(bytes: Buffer): Frame {
  const kind = kinds[bytes.readUInt8(0)];
  if (kind === undefined) throw new TypeError(`no frame of relpipe begins with ${bytes.readUInt8(0)}`);
  return { kind, command: bytes.readUInt32BE(1), payload: bytes.subarray(headBytes) };
}
