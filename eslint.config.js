import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const pluginSources = ['packages/{plugin,router}-*/src/**/*.ts'];
const programs = ['packages/*/src/cli/**/*.ts', 'packages/*/src/**/bin.ts'];
const tests = ['packages/*/test/**/*.ts', 'packages/testing/src/**/*.ts', 'test/**/*.ts'];

const fileThatExists = {
  regex: String.raw`^\.{1,2}/.*\.js$`,
  message: 'Name the file that exists: relative imports end in .ts, so that Node can run the sources as they are.',
};

const theOnlyDoor = {
  regex: String.raw`^relpipe(/(?!plugin(/toolkit)?$).*)?$|/engine/`,
  message: 'A plugin uses the engine through relpipe/plugin and relpipe/plugin/toolkit.',
};

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '**/node_modules/', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', 250],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-imports': ['error', { patterns: [fileThatExists] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

      // `() => list.push(x)` as a listener says what it means, and so does `return settle(…)` where a function that gives nothing ends.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      // Counts and ports belong into sentences as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `StepKey | GroupKey` names two kinds of string; that both are strings is not the reader's business.
      '@typescript-eslint/no-duplicate-type-constituents': 'off',
      // What implements an asynchronous interface is async, whether or not it has something to await.
      '@typescript-eslint/require-await': 'off',
      // The contract's type parameters tie a plugin's functions to its schemas; some appear in a signature only once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: pluginSources,
    rules: { 'no-restricted-imports': ['error', { patterns: [fileThatExists, theOnlyDoor] }] },
  },
  { files: [...programs, ...tests, 'scripts/**/*.ts', 'examples/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // What a loader picks up by the file's name has to be its default export.
    files: ['packages/{plugin,router}-*/src/index.ts', '**/*.config.ts', 'scripts/*-line.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: tests,
    rules: {
      'max-lines': 'off',
      // In a test a missing value is a failure, and a thrown TypeError says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
