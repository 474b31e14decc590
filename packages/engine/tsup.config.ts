import { defineConfig } from 'tsup';
import { esmPackage } from '../../tsup.base.ts';

const doors = {
  'contract/index': 'src/contract/index.ts',
};

const programs = {
  'cli/bin': 'src/cli/bin.ts',
};

export default defineConfig(esmPackage(doors, programs));
