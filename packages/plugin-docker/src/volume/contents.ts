import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Header } from 'tar-stream';

/** What is in a volume: a line per file, folder and link, by its path. Two volumes with the same lines hold the same. */
export interface Contents {
  readonly entries: ReadonlyMap<string, string>;
  /** Over all of them. */
  readonly sha256: string;
}

export interface ContentsReader {
  /** Takes a tar archive. */
  readonly sink: Writable;
  /** When all of it was read. */
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

/** Where two volumes differ first, in words; undefined where they hold the same. */
export function differenceOf(one: Contents, other: Contents): string | undefined {
  if (one.sha256 === other.sha256) return undefined;
  const names = [...new Set([...one.entries.keys(), ...other.entries.keys()])].toSorted();
  const name = names.find((each) => one.entries.get(each) !== other.entries.get(each)) ?? '';
  const words = (side: Contents): string => side.entries.get(name) ?? 'nothing';
  return `${name} is ${words(other)}, expected ${words(one)}`;
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

/** Of two hard links, which one is called the file depends on the order: both are told as the file. */
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
