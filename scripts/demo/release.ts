import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoEnvironment } from './demo-environment.ts';
import type { DemoRouter } from './router.ts';
import type { Service } from './service.ts';

export const holdMs = 6000;

export interface Release {
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: DemoRouter;
  /** The file for the HTML report of the run. */
  readonly report: string;
  readonly onWeight: OnWeight;
}

/** Runs the pipeline of the quickstart with the built program, and prints its output. @returns its exit code */
export async function runRelease(environment: DemoEnvironment, { stable, candidate, router, report, onWeight }: Release): Promise<number | string> {
  await rm(report, { force: true });
  await mkdir(dirname(report), { recursive: true });
  const inputs = { version: candidate.version, stable: stable.url, candidate: candidate.url, router: router.stateFile, hold: `${holdMs}ms` };
  const flags = [...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]), '--report', report];
  const relpipe = environment.start({
    name: `relpipe run (${candidate.version})`,
    args: [program, 'run', pipeline, ...flags, '--journal', join(environment.folder, 'journal.db')],
    onLine: (line) => console.log(`  | ${line}`),
  });
  const finished = new AbortController();
  const watched = watchWeight(router, candidate.url, finished.signal, onWeight);
  const ended = relpipe.ended.finally(() => finished.abort());
  const [exitCode] = await Promise.all([ended, watched]);
  return exitCode;
}

const program = 'packages/engine/dist/cli/bin.js';
const pipeline = 'examples/pipelines/quickstart/release.pipeline.yaml';

/** Called with a new percentage; the next reading waits for it. */
type OnWeight = (weight: number) => Promise<void> | void;

/** Reads the weight of a side until the signal is aborted, and calls `onWeight` for every new one. */
async function watchWeight(router: DemoRouter, url: string, signal: AbortSignal, onWeight: OnWeight): Promise<void> {
  let last: number | undefined;
  while (!signal.aborted) {
    const weight = (await router.weights()).get(url);
    if (weight !== undefined && weight !== last) await onWeight(weight);
    last = weight;
    await sleep(readIntervalMs);
  }
}

const readIntervalMs = 100;
