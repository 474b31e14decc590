import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../../packages/engine/src/contract/index.ts';
import type { ProvenOn } from './step-table.ts';

export interface PluginPackage {
  readonly folder: string;
  readonly readme: string;
  readonly provenOn: ProvenOn;
  readonly load: () => Promise<Plugin>;
}

const packages = join(import.meta.dirname, '../../packages');

/** Every package of the workspace that is a plugin, with what its own files say. */
export const pluginPackages = (): readonly PluginPackage[] =>
  readdirSync(packages)
    .filter((name) => existsSync(join(packages, name, 'proven-on.json')))
    .map((name) => {
      const folder = join(packages, name);
      return {
        folder,
        readme: join(folder, 'README.md'),
        provenOn: JSON.parse(readFileSync(join(folder, 'proven-on.json'), 'utf8')) as ProvenOn,
        load: async () => ((await import(pathToFileURL(join(folder, 'src/index.ts')).href)) as { readonly default: Plugin }).default,
      };
    });
