import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Playground } from './playground.ts';
import type { DemoRouter } from './router.ts';
import type { Service } from './service.ts';
import { watchWeight, type TellWeight } from './watch-weight.ts';

export const holdMs = 6000;

export interface Release {
  readonly stable: Service;
  readonly candidate: Service;
  readonly router: DemoRouter;
  /** Where the HTML report of the run is to be. */
  readonly report: string;
  readonly onWeight: TellWeight;
}

/** Runs the quickstart's pipeline with the built command line, and shows what it prints. @returns its exit code */
export async function runRelease(playground: Playground, { stable, candidate, router, report, onWeight }: Release): Promise<number | string> {
  await rm(report, { force: true });
  await mkdir(dirname(report), { recursive: true });
  const inputs = { version: candidate.version, stable: stable.url, candidate: candidate.url, router: router.stateFile, hold: `${holdMs}ms` };
  const flags = [...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]), '--report', report];
  const relpipe = playground.start({
    name: `relpipe run (${candidate.version})`,
    args: [program, 'run', pipeline, ...flags, '--journal', join(playground.folder, 'journal.db')],
    onLine: (line) => console.log(`  | ${line}`),
  });
  const over = new AbortController();
  const watched = watchWeight(router, candidate.url, over.signal, onWeight);
  const ended = relpipe.ended.finally(() => over.abort());
  const [exitCode] = await Promise.all([ended, watched]);
  return exitCode;
}

const program = 'packages/engine/dist/cli/bin.js';
const pipeline = 'examples/pipelines/quickstart/release.pipeline.yaml';
