/** The engine's folders: each imports only folders to its left. Data flows the same way. */
const engineFolders = [
  'model', 'util', 'contract', 'toolkit', 'errors', 'expressions', 'schema', 'calendar',
  'load', 'plugins', 'validate', 'plan', 'builtin', 'run', 'report', 'cli',
];

const engine = 'packages/engine/src';
const anyOf = (names) => `(${names.join('|')})`;

const onlyToTheLeft = engineFolders.slice(0, -1).map((folder, place) => ({
  name: `${folder}-imports-only-to-its-left`,
  severity: 'error',
  from: { path: `^${engine}/${folder}/` },
  to: { path: `^${engine}/${anyOf(engineFolders.slice(place + 1))}/` },
}));

const everyFolderHasAPlace = {
  name: 'every-engine-folder-has-a-place',
  comment: 'Enter the new folder into engineFolders.',
  severity: 'error',
  from: { path: `^${engine}/[^/]+/`, pathNot: `^${engine}/${anyOf(engineFolders)}/` },
  to: {},
};

const noCycles = {
  name: 'no-cycles',
  comment: 'What is loaded when it is first called (push.ts → push.impl.ts) may import the types of what loads it.',
  severity: 'error',
  from: {},
  to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
};

const onlyThroughTheDoor = {
  name: 'packages-meet-at-relpipe-plugin',
  comment: 'relpipe/plugin, relpipe/plugin/toolkit and, for routers, @relpipe/plugin-traffic/router and /testing are the only doors between packages.',
  severity: 'error',
  from: { path: '^packages/([^/]+)/', pathNot: '^packages/testing/' },
  to: { path: '^packages/([^/]+)/', pathNot: ['^packages/$1/', '^packages/testing/src/', `^${engine}/(contract|toolkit)/index\\.ts$`, '^packages/plugin-traffic/src/(routers|testing)/index\\.ts$'] },
};

const core = `${engine}/run/core`;

const theFoldHasNoRules = {
  name: 'the-fold-has-no-rules',
  comment: 'A recorded run must read the same whatever the rules are now: rules belong to core/decide/, whose decisions are recorded as changes.',
  severity: 'error',
  from: { path: `^${core}/((apply|state)/|(apply|arrive|change|evolve|fact|operation)\\.ts$)` },
  to: { path: `^${core}/decide(/|\\.ts$)` },
};

const onlyDecisionsReadPolicy = {
  name: 'only-decisions-read-policy',
  comment: 'Numbers that a decision depends on reach the rest of the engine only through recorded changes. Types may be imported.',
  severity: 'error',
  from: { path: `^${engine}/`, pathNot: `^${core}/decide(/|\\.ts$)` },
  to: { path: `^${core}/decide/policy\\.ts$`, dependencyTypesNot: ['type-only'] },
};

const everythingResolves = { name: 'every-import-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } };

const sourcesDoNotImportTests = {
  name: 'sources-do-not-import-tests',
  severity: 'error',
  from: { path: '^packages/[^/]+/src/', pathNot: '^packages/testing/' },
  to: { path: ['^packages/[^/]+/test/', '^packages/testing/'] },
};

export default {
  forbidden: [...onlyToTheLeft, everyFolderHasAPlace, noCycles, onlyThroughTheDoor, theFoldHasNoRules, onlyDecisionsReadPolicy, everythingResolves, sourcesDoNotImportTests],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['relpipe-source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
