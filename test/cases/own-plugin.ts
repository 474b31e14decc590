import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Finished, type Folder, openFolder } from '@relpipe/testing/relpipe-folder';
import { test as base } from 'vitest';

/** A secret of each case, and the variable that holds it. */
export const token = 'tokABCD1234efghXYZ';

interface Case {
  /** Of the pipeline file, after its name and its plugins. */
  readonly pipeline: string;
  /** Declarations of step types and metrics, as JavaScript without a compiler; the engine's contract is imported before. */
  readonly types: string;
  /** What is exported, e.g. `steps: { leave }`. */
  readonly provides: string;
  /** The version of the engine that it asks for. */
  readonly engine?: string;
}

/** A folder with a pipeline and a plugin of its own, `own`. */
export interface CaseFolder extends Folder {
  run(...args: readonly string[]): Promise<Finished>;
}

export const test = base.extend<{ playing: (played: Case) => Promise<CaseFolder> }>({
  playing: async ({}, use) => {
    const cleanings: (() => Promise<void> | void)[] = [];
    await use(async (played) => {
      const folder = await openFolder(filesOf(played), (clean) => cleanings.unshift(clean));
      symlinkSync(resolve(import.meta.dirname, '../../packages/engine'), join(folder.path, 'node_modules/relpipe'));
      mkdirSync(join(folder.path, '.git'));
      return { ...folder, run: (...args) => folder.start(args, { TOKEN: token }).finished };
    });
    for (const clean of cleanings) await clean();
  },
});

const filesOf = ({ pipeline, types, provides, engine = '>=0.1.0 <1' }: Case): Readonly<Record<string, string>> => ({
  'release.pipeline.yaml': `relpipe: 1\nname: trial\nplugins: { relpipe-plugin-own: ^1.0.0 }\n${pipeline}`,
  'node_modules/relpipe-plugin-own/package.json': JSON.stringify({
    name: 'relpipe-plugin-own', version: '1.0.0', type: 'module', exports: './index.js', keywords: ['relpipe-plugin'], peerDependencies: { relpipe: engine },
  }),
  'node_modules/relpipe-plugin-own/index.js': `
import { appendFileSync, existsSync } from 'node:fs';
import { definePlugin, defineMetric, defineStep, secret, StepError, Type } from 'relpipe/plugin';
const base = { summary: 'Acts', with: Type.Object({ token: Type.Optional(secret('any')) }), outputs: Type.Object({}), onLost: 'retry', rollback: 'nothing' };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const appears = async (file) => { while (!existsSync(file)) await pause(5); };
${types}
export default definePlugin({ name: 'own', contract: 1, ${provides} });
`,
});
