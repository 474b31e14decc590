import { defineConfig } from 'tsup';
import { esmPackage } from '../../tsup.base.ts';
import manifest from './package.json' with { type: 'json' };

const doors = {
  'contract/index': 'src/contract/index.ts',
  'toolkit/index': 'src/toolkit/index.ts',
};

const programs = {
  'cli/bin': 'src/cli/bin.ts',
};

const bundled = ['@marcbachmann/cel-js', 'commander', 'semver', 'typebox', 'yaml'];

export default defineConfig({
  ...esmPackage(doors, programs, bundled),
  // Editors find the language beside the program: node_modules/relpipe/dist/release.pipeline.schema.json
  publicDir: '../../schemas',
  define: { RELPIPE_VERSION: JSON.stringify(manifest.version) },
});
