import { defineConfig } from 'tsup';
import { esmPackage } from '../../tsup.base.ts';

const doors = { index: 'src/index.ts', 'router-kinds': 'src/router-kinds/index.ts', testing: 'src/testing/index.ts' };

export default defineConfig(esmPackage(doors, { 'router/bin': 'src/router/bin.ts' }));
