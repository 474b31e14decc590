import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Takes Node's own modules as they are. An `import` of one reads each of its properties, and some load what nobody asked for: `node:fs`
 * its promises, these the line editor. A start is 4 ms shorter without. `node:module` stays an import, for it comes before the look at
 * the version of Node.
 */
export const builtinsAsTheyAre: Plugin = {
  name: 'builtins-as-they-are',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => (path === 'node:module' ? undefined : { path, namespace: 'builtin' }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});` }));
  },
};
