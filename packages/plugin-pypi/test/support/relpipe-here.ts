import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pipelineOfReadme } from '../../../../test/support/pipeline-of-readme.ts';

interface Ended {
  readonly code: number | null;
  /** What it wrote to both streams. */
  readonly output: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

type Start = (...args: readonly string[]) => Running;

const engine = dirname(createRequire(import.meta.url).resolve('relpipe/package.json'));
const plugin = resolve(import.meta.dirname, '../..');
const outsideOfCi = { CI: '', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITLAB_CI: '', TZ: 'UTC' };

/** A folder with this pipeline and the built plugin installed; gives what starts the built command line there. */
export function relpipeHere(folder: string, pipeline: string, variables: Readonly<Record<string, string>> = {}): Start {
  mkdirSync(join(folder, 'node_modules/@relpipe'), { recursive: true });
  symlinkSync(engine, join(folder, 'node_modules/relpipe'));
  symlinkSync(plugin, join(folder, 'node_modules/@relpipe/plugin-pypi'));
  writeFileSync(join(folder, 'release.pipeline.yaml'), pipeline);
  return (...args) => {
    const child = spawn(process.execPath, [join(engine, 'dist/cli/bin.js'), ...args], { cwd: folder, env: { ...process.env, ...outsideOfCi, ...variables } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, ended: new Promise((done, fail) => child.on('error', fail).on('close', (code) => done({ code, output }))) };
  };
}

/** The n-th complete pipeline of the README, counted from 0, with replacements of which each has to be there. */
export const readmePipeline = (n: number, instead: Readonly<Record<string, string>>): string => pipelineOfReadme(join(plugin, 'README.md'), n, instead);
