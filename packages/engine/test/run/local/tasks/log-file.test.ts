import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LogFile, type LogLimits } from '../../../../src/run/local/tasks/log-file.ts';
import { temporaryFolder } from '../local-fixture.ts';

const small: LogLimits = { headBytes: 100, tailBytes: 200 };
const line = (n: number): string => `line ${String(n).padStart(4, '0')}\n`;

/** Writes lines with these numbers to a log, and returns it. */
function logOf(from: number, to: number, path = join(temporaryFolder(), 'logs/a.log')) {
  const log = new LogFile(path, small);
  for (let n = from; n <= to; n++) log.write(line(n));
  log.close();
  return { path, text: readFileSync(path, 'utf8') };
}

const note = /\n\[relpipe left out (\d+) bytes of this log here: only its start and its end are kept\]\n/;

/** How long the log would be with everything in it. */
const wholeLength = (text: string): number => text.replace(note, '').length + Number(note.exec(text)?.[1]);

test('a log within its limits is kept as it is', () => {
  expect(logOf(1, 50).text).toBe(Array.from({ length: 50 }, (_, i) => line(i + 1)).join(''));
});

test('a log that is too long keeps its start and its end, and says how much is missing', () => {
  const { path, text } = logOf(1, 1_000);
  expect(text.startsWith(Array.from({ length: 10 }, (_, i) => line(i + 1)).join(''))).toBe(true);
  expect(text.endsWith(line(999) + line(1_000))).toBe(true);
  expect(wholeLength(text)).toBe(10_000);
  expect(statSync(path).size).toBeLessThanOrEqual(500);
});

test('a log that another process continues still says how much is missing of the whole', () => {
  const { path } = logOf(1, 300);
  const { text } = logOf(301, 1_000, path);
  expect(text.match(new RegExp(note, 'g'))).toHaveLength(1);
  expect(wholeLength(text)).toBe(10_000);
});

test('a single line that is longer than everything that is kept does not make the log longer', () => {
  const path = join(temporaryFolder(), 'a.log');
  const log = new LogFile(path, small);
  for (let n = 0; n < 20; n++) log.write('x'.repeat(90));
  log.close();
  expect(statSync(path).size).toBeLessThanOrEqual(500 + 90);
  expect(wholeLength(readFileSync(path, 'utf8'))).toBe(1_800);
});
