import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { readIfThere, replaceFile } from '../../src/toolkit/index.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('replaceFile writes a new file and replaces an old one, and leaves nothing else in the folder', async () => {
  using folder = scratchFolder();
  const file = join(folder.path, 'rules.yml');
  await replaceFile(file, 'first');
  await replaceFile(file, new TextEncoder().encode('second'));
  expect(await readdir(folder.path)).toEqual(['rules.yml']);
  expect(await readFile(file, 'utf8')).toBe('second');
});

test('replaceFile sets exactly the mode that it is given, whatever the umask is', async () => {
  using folder = scratchFolder();
  const file = join(folder.path, 'upstream.conf');
  await replaceFile(file, 'open', { mode: 0o666 });
  expect(await modeOf(file)).toBe(0o666);
  await replaceFile(file, 'closed', { mode: 0o600 });
  expect(await modeOf(file)).toBe(0o600);
});

test('replaceFile removes its draft and keeps the old content when it fails', async () => {
  using folder = scratchFolder();
  const occupied = join(folder.path, 'occupied');
  await mkdir(occupied);
  await expect(replaceFile(occupied, 'text')).rejects.toThrow(expect.objectContaining({ code: 'EISDIR' }));
  expect(await readdir(folder.path)).toEqual(['occupied']);
});

test('replaceFile called twice at the same time leaves one of both contents', async () => {
  using folder = scratchFolder();
  const file = join(folder.path, 'state.json');
  const contents = ['a', 'b'].map((letter) => letter.repeat(100_000));
  await Promise.all(contents.map((content) => replaceFile(file, content)));
  expect(contents).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder.path)).toEqual(['state.json']);
});

test('readIfThere returns bytes, text with an encoding, and undefined where there is no file', async () => {
  using folder = scratchFolder();
  const file = join(folder.path, 'a');
  await writeFile(file, 'é');
  expect(await readIfThere(file, 'utf8')).toBe('é');
  expect(Uint8Array.from((await readIfThere(file))!)).toEqual(new Uint8Array([0xc3, 0xa9]));
  expect(await readIfThere(join(folder.path, 'b'))).toBeUndefined();
  expect(await readIfThere(join(file, 'below a file'), 'utf8')).toBeUndefined();
});

test('readIfThere throws when the file exists and cannot be read', async () => {
  using folder = scratchFolder();
  const loop = join(folder.path, 'loop');
  await symlink('loop', loop);
  await expect(readIfThere(loop)).rejects.toThrow(expect.objectContaining({ code: 'ELOOP' }));
});
