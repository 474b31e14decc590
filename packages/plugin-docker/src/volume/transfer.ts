import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StepError } from 'relpipe/plugin';
import { idLabel, listContainers } from '../docker/containers.ts';
import { docker, tryDocker, type Cli } from '../docker/docker.ts';
import { readFromDocker, writeToDocker } from '../docker/stream.ts';
import { differenceOf, readContents, type Contents } from './contents.ts';

/** The contents of a volume. `key`: identifies the step, for `removeHelpers`. @throws {StepError} */
export async function contentsOf(volume: string, key: string, cli: Cli): Promise<Contents> {
  const { sink, contents } = await readContents();
  await Promise.all([readTar(volume, key, cli, sink), contents]);
  return contents;
}

export interface Archived {
  /** Of the file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly contents: Contents;
}

/** Writes the contents of a volume into a `tar.gz`. @throws {StepError} */
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
  // One stream into two: the contents are those that are written, not a second reading of a volume that changes.
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
  withVolume(volume, 'read', key, cli, (container) =>
    readFromDocker(['container', 'cp', '--archive', `${container}:/volume`, '-'], cli, sink),
  );

/**
 * Fills an empty volume from a `tar.gz` and reads its contents back. `expected`: the contents, or their sha256.
 * @throws {StepError} `DOCKER_RESTORE_MISMATCH` when the volume then has other contents
 */
export async function fillVolume(volume: string, file: string, expected: Contents | string, key: string, cli: Cli): Promise<void> {
  await withVolume(volume, 'write', key, cli, (container) => {
    const source = createReadStream(file);
    const tar = source.on('error', (error) => tar.destroy(error)).pipe(createGunzip());
    // From above, so that the volume's own folder gets its mode and owner back, too.
    return writeToDocker(['container', 'cp', '--archive', '-', `${container}:/`], cli, tar);
  });
  const found = await contentsOf(volume, key, cli);
  if (found.sha256 === (typeof expected === 'string' ? expected : expected.sha256)) return;
  const where = typeof expected === 'string' ? '' : `: ${differenceOf(expected, found) ?? ''}`;
  throw new StepError('DOCKER_RESTORE_MISMATCH', `${file} restores other contents than the volume had${where}.`, {
    hint: 'Do not rely on this backup. Check whether the disk is full, and make another one.',
  });
}

/** An image without files: containers of it are never started, only their volume is read and written. */
const emptyImage = 'relpipe-empty:1';
const emptyTar = '\0'.repeat(1024);

/**
 * Calls `act` with the ID of a container that has the volume at `/volume` and never runs, and removes it at the end. Needs no other image,
 * so it works on an engine that cannot pull.
 */
async function withVolume<T>(
  volume: string,
  access: 'read' | 'write',
  key: string,
  cli: Cli,
  act: (container: string) => Promise<T>,
): Promise<T> {
  const hasImage = (await tryDocker(['image', 'inspect', emptyImage], cli)).code === 0;
  if (!hasImage) await docker(['import', '-', emptyImage], cli, { stdin: emptyTar });
  const mount = `type=volume,source=${volume},target=/volume${access === 'read' ? ',readonly' : ''}`;
  const flags = ['--label', `${idLabel}=${key}`, '--network', 'none', '--mount', mount];
  const container = await docker(['container', 'create', ...flags, emptyImage, 'never-runs'], cli);
  try {
    return await act(container);
  } finally {
    await tryDocker(['container', 'rm', '--force', container], cli);
  }
}

/** Removes the containers with which an interrupted attempt of this step read or filled volumes: they would keep the volumes in use. */
export async function removeHelpers(key: string, cli: Cli): Promise<void> {
  const ids = await listContainers([`label=${idLabel}=${key}`], cli);
  if (ids.length > 0) await tryDocker(['container', 'rm', '--force', ...ids], cli);
}
