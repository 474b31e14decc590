import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPipeline } from '../../src/load/read-pipeline.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'relpipe-read-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function placeOfRefusal(bytes: Buffer): Promise<string> {
  const file = join(folder, 'release.pipeline.yaml');
  await writeFile(file, bytes);
  const { findings } = await readPipeline(file);
  return findings.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`).join();
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['a NUL character', Buffer.from('relpipe: 1\nname: ü\0x\n'), '2:8'],
  ['Latin-1', Buffer.concat([Buffer.from('relpipe: 1\nname: ü'), latin1('é x\nb: é\n')]), '2:8'],
  ['Latin-1 at the end of the file', latin1('relpipe: 1\nname: é'), '2:7'],
  ['a character that is cut off by the end of the file', Buffer.from('name: €').subarray(0, -1), '1:7'],
  ['a character that is cut off by the next one', Buffer.concat([Buffer.from('name: €').subarray(0, -1), Buffer.from('x\n')]), '1:7'],
  ['UTF-16 with a byte order mark', Buffer.from('\ufeffname: x\n', 'utf16le'), '1:1'],
  ['UTF-16 without one', Buffer.from('name: x\n', 'utf16le'), '1:2'],
  ['a byte that no UTF-8 has, then a NUL character', Buffer.from([0x61, 0x0a, 0xff, 0x00]), '2:1'],
])('%s is refused at the first byte that is not text', async (_, bytes, place) => {
  expect(await placeOfRefusal(bytes)).toBe(`REL_FILE_NOT_UTF8 ${place}`);
});
