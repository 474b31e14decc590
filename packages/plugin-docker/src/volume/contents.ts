import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Header } from 'tar-stream';

/** The contents of a volume: a line for each file, folder and link, by its path. Volumes with the same lines have the same contents. */
export interface Contents {
  readonly entries: ReadonlyMap<string, string>;
  /** Over all entries. */
  readonly sha256: string;
}

export interface ContentsReader {
  /** Takes a tar archive. */
  readonly sink: Writable;
  /** Resolves when all of it was read. */
  readonly contents: Promise<Contents>;
}

/** Reads a tar archive of a volume without keeping it. Modes, owners, times, links and bytes count; the order does not. */
export async function readContents(): Promise<ContentsReader> {
  const { extract } = await import('tar-stream');
  const parser = extract();
  const found: Found[] = [];
  parser.on('entry', (header, stream, next) => {
    const hash = createHash('sha256');
    stream.on('data', (chunk) => void hash.update(chunk as Buffer));
    stream.on('end', () => {
      found.push({ header, sha256: hash.digest('hex') });
      next();
    });
  });
  const sink = new Writable({
    write(chunk, _, done) {
      if (parser.write(chunk)) done();
      else parser.once('drain', () => done());
    },
    final: (done) => parser.once('finish', () => done()).end(undefined),
    destroy(error, done) {
      parser.destroy();
      done(error);
    },
  });
  parser.on('error', (error) => void sink.destroy(error));
  return { sink, contents: finished(sink).then(() => summarize(found)) };
}

/** The first difference between two volumes, in words; undefined when they have the same contents. */
export function differenceOf(expected: Contents, found: Contents): string | undefined {
  if (expected.sha256 === found.sha256) return undefined;
  const names = [...new Set([...expected.entries.keys(), ...found.entries.keys()])].toSorted();
  const name = names.find((each) => expected.entries.get(each) !== found.entries.get(each)) ?? '';
  const words = (side: Contents): string => side.entries.get(name) ?? 'nothing';
  return `${name} is ${words(found)}, expected ${words(expected)}`;
}

interface Found {
  readonly header: Header;
  readonly sha256: string;
}

function summarize(found: readonly Found[]): Contents {
  const byPath = new Map(found.map((one) => [pathOf(one.header.name), one]));
  const lines = [...byPath].map(([path, one]) => [path, lineOf(one, byPath)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sha256 = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
  return { entries: new Map(lines), sha256 };
}

/** The order decides which of two hard links is called the file: both are described as the file. */
function lineOf({ header, sha256 }: Found, byPath: ReadonlyMap<string, Found>): string {
  const { type, mode, uid, gid, linkname } = header;
  const target = type === 'link' ? byPath.get(pathOf(linkname)) : undefined;
  const kind = type === 'link' ? 'file' : type;
  const owned = `${kind} ${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
  const time = Math.floor((target ?? { header }).header.mtime.getTime() / 1000);
  if (kind === 'symlink') return `${owned} to ${linkname}`;
  return kind === 'file' ? `${owned} at ${time} with sha256 ${target?.sha256 ?? sha256}` : owned;
}

/** Docker archives a folder with its name in front. */
const pathOf = (name: string): string => name.replace(/^[^/]*\/?/, '').replace(/\/$/, '') || '.';
