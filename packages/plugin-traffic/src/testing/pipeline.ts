import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RouterFixture } from './fixture.ts';
import type { RigConfig } from './router-rig.ts';

/** A pipeline file in a folder of its own, and relpipe there. */
interface Pipeline {
  relpipe(command: 'run' | 'resume' | 'rollback', ...args: readonly string[]): Started;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Resolves when the output so far contains the text. */
  printed(text: string): Promise<void>;
}

/** How a pipeline differs from the plain one. */
interface Changes {
  readonly router?: RigConfig;
  readonly candidate?: string;
  /** The step in place of the plain shift, by its type and `with`. */
  readonly instead?: { readonly uses: string; readonly with: RigConfig };
  /** One more step, in YAML's flow style. */
  readonly then?: string;
}

/** A release that gives the candidate 40 %. */
export async function pipelineIn({ rig, folder }: Pick<RouterFixture, 'rig' | 'folder'>, changes: Changes = {}): Promise<Pipeline> {
  const workdir = await mkdtemp(join(folder, 'release-'));
  const plugins = { [thisPackage]: folderOf(thisPackage), relpipe: folderOf('relpipe'), ...rig.plugins };
  await install(workdir, plugins);
  const { router = rig.config, candidate = rig.names.candidate, then } = changes;
  const { uses, with: own } = changes.instead ?? { uses: 'traffic.shift', with: { weight: '40%' } };
  const config = { router: { [rig.kind]: router }, stable: rig.names.stable, candidate, ...own };
  await writeFile(
    join(workdir, 'release.pipeline.yaml'),
    `relpipe: 1
name: release
plugins: ${JSON.stringify(Object.fromEntries([thisPackage, ...Object.keys(rig.plugins)].map((name) => [name, '*'])))}
stages:
  release:
    steps:
      - { id: shift, uses: ${uses}, with: ${JSON.stringify(config)} }
${then === undefined ? '' : `      - ${then}\n`}`,
  );
  return {
    relpipe: (command, ...args) => start(workdir, [command, ...args, ...(command === 'rollback' ? [] : ['--json', '--park-after', '1s'])]),
  };
}

const thisPackage = '@relpipe/plugin-traffic';
const require = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));

async function install(workdir: string, packages: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, folder] of Object.entries(packages)) {
    const link = join(workdir, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folder, link);
  }
}

function start(workdir: string, args: readonly string[]): Started {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !namesOfCi.includes(name)));
  const child = spawn(process.execPath, [join(folderOf('relpipe'), 'dist/cli/bin.js'), ...args], { cwd: workdir, env: environment });
  let output = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const check of waiting) check();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (output.includes(text)) resolve();
      };
      waiting.add(check);
      check();
      void ended.then(() => reject(new Error(`It ended without printing ${text}:\n${output}`)));
    });
  return { child, ended, printed };
}

/** With these, relpipe writes for a CI system. */
const namesOfCi = ['CI', 'GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'];
