import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { PassThrough, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { readFromDocker } from '../cli/docker-stream.ts';
import type { Cli } from '../cli/docker.ts';
import { readContents, type Contents } from './contents.ts';
import { withVolume } from './with-volume.ts';

export interface Archived {
  /** Of the file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly contents: Contents;
}

/** What is in a volume. @throws {StepError} */
export async function contentsOf(volume: string, key: string, cli: Cli): Promise<Contents> {
  const { sink, contents } = await readContents();
  await Promise.all([readTar(volume, key, cli, sink), contents]);
  return contents;
}

/** Writes what is in a volume into a `tar.gz`. @throws {StepError} */
export async function archiveVolume(volume: string, file: string, key: string, cli: Cli): Promise<Archived> {
  const { sink, contents } = await readContents();
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const tar = new PassThrough();
  // One stream into two: what is compared later is what is being written, not a second look at a volume that changes.
  const both = new Transform({
    transform(chunk: Buffer, _, done) {
      this.push(chunk);
      if (sink.write(chunk)) done();
      else sink.once('drain', () => done());
    },
    flush(done) {
      sink.end();
      done();
    },
  });
  const written = pipeline(tar, both, createGzip(), counted, createWriteStream(file));
  const [, , found] = await Promise.all([readTar(volume, key, cli, tar), written, contents]);
  return { sha256: hash.digest('hex'), bytes, contents: found };
}

const readTar = (volume: string, key: string, cli: Cli, sink: Writable): Promise<void> =>
  withVolume(volume, 'read', key, cli, (container) => readFromDocker(['container', 'cp', '--archive', `${container}:/volume`, '-'], cli, sink));
