import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInWorkers, type Work } from '../../forked-workers.ts';
import { Random } from '../random.ts';
import type { Findings } from '../findings.ts';
import { mutateFile } from './mutate-file.ts';
import { medianFor, type Measured } from './typical-time.ts';
import type { FileAnswer, FileSetup, FileTask } from './validate-worker.ts';

const root = join(import.meta.dirname, '../../..');
const program = new URL('validate-worker.ts', import.meta.url);
const limits = { longestMs: 60_000, memoryMb: 1024 };

/** More than this times the median of files of its size is slow, when it is so in each repetition. */
const slowFactor = 20;
const repetitions = 3;

/** Validates mutated files: each must be accepted, or refused with a place, and take no more time than others of its size. */
export async function fuzzFiles(seed: number, count: number, found: Findings): Promise<string> {
  const corpus = readCorpus();
  const folder = mkdtempSync(join(tmpdir(), 'relpipe-fuzz-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const work = { program, setup: { folder } satisfies FileSetup, ...limits };
  const bytesOf = (n: number): Uint8Array => mutateFile(new Random(seed, n), corpus);
  const figures = { crashes: 0, 'without place': 0, slow: 0 };
  const measured: Measured[] = [];
  let valid = 0;
  await runInWorkers<FileTask, FileAnswer>({ ...work, tasks: numbered(count, bytesOf) }, ({ n, bytes }, outcome) => {
    const crash = 'ended' in outcome ? outcome.ended : outcome.answer.crash;
    if (crash !== undefined) {
      figures.crashes += 1;
      found.keep(`file ${String(n)}: crash`, crash, bytes);
    }
    if ('ended' in outcome) return;
    const { isValid, userMs, withoutPlace } = outcome.answer;
    valid += isValid ? 1 : 0;
    measured.push({ n, size: bytes.length, userMs });
    if (withoutPlace.length === 0) return;
    figures['without place'] += 1;
    found.keep(`file ${String(n)}: without place`, withoutPlace.join('\n'), bytes);
  });
  const median = medianFor(measured);
  for (const one of measured.filter(({ size, userMs }) => userMs > slowFactor * median(size))) {
    const bytes = bytesOf(one.n);
    const times = await repeat(work, bytes);
    if (times.some((userMs) => userMs <= slowFactor * median(one.size))) continue;
    figures.slow += 1;
    found.keep(`file ${String(one.n)}: slow`, `${times.map((ms) => ms.toFixed(0)).join(', ')} ms, where files of its size take ${median(one.size).toFixed(1)} ms`, bytes);
  }
  rmSync(folder, { recursive: true });
  found.note(`${String(corpus.length)} files mutated; ${String(valid)} of the results are valid`);
  return `mutated files: ${String(count)}, ${Object.entries(figures).map(([name, figure]) => `${name}: ${String(figure)}`).join(', ')}`;
}

/** Each example as often as all the samples of wrong files: those have one finding before they are mutated, which may hide others. */
function readCorpus(): readonly string[] {
  const read = (files: string): readonly string[] => globSync(files, { cwd: root, exclude: ['**/node_modules'] }).sort().map((file) => readFileSync(join(root, file), 'utf8'));
  const [examples, samples] = [read('examples/**/*.pipeline.yaml'), read('packages/*/test/**/*.pipeline.yaml')];
  return [...samples, ...samples.flatMap((_, i) => examples[i % examples.length] ?? [])];
}

function* numbered(count: number, bytesOf: (n: number) => Uint8Array): Generator<FileTask> {
  for (let n = 0; n < count; n += 1) yield { n, bytes: bytesOf(n) };
}

/** Alone, in a process that has warmed up on the file itself. */
async function repeat(work: Omit<Work<FileTask>, 'tasks'>, bytes: Uint8Array): Promise<readonly number[]> {
  const times: number[] = [];
  const tasks = Array.from({ length: repetitions + 1 }, (_, n) => ({ n, bytes }));
  await runInWorkers<FileTask, FileAnswer>({ ...work, tasks, atOnce: 1 }, ({ n }, outcome) => {
    if (n > 0) times.push('answer' in outcome ? outcome.answer.userMs : Infinity);
  });
  return times;
}
