import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { scratchFolder } from './scratch-folder.ts';

export interface ReadmeRun {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs the first complete pipeline of a package's README with relpipe as built. `instead`: what stands in for addresses and waiting times; each
 * of them has to be there.
 * @param packages folders of the plugins that the pipeline names, built
 */
export async function runReadme(
  readme: string,
  packages: readonly string[],
  instead: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ReadmeRun> {
  using folder = scratchFolder();
  await writeFile(join(folder.path, 'release.pipeline.yaml'), replaceAll(firstPipeline(await readFile(readme, 'utf8')), instead));
  for (const home of [engine, ...packages]) await link(home, folder.path);
  return await runIn(folder.path, env);
}

const engine = dirname(createRequire(import.meta.url).resolve('relpipe/package.json'));

function firstPipeline(text: string): string {
  const [, pipeline] = /```yaml\n(relpipe: 1\n.*?)```/s.exec(text) ?? [];
  if (pipeline === undefined) throw new Error('The README has no pipeline.');
  return pipeline;
}

function replaceAll(text: string, instead: Readonly<Record<string, string>>): string {
  return Object.entries(instead).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`The pipeline does not hold ${from}.`);
    return changed.replaceAll(from, to);
  }, text);
}

async function link(home: string, folder: string): Promise<void> {
  const { name } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { readonly name: string };
  const place = join(folder, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(home, place);
}

function runIn(cwd: string, given: Readonly<Record<string, string>>): Promise<ReadmeRun> {
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['CI', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'].includes(name)));
  return new Promise((resolve) => {
    execFile(process.execPath, [join(engine, 'dist/cli/bin.js'), 'run'], { cwd, env: { ...outside, ...given } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}
