import { defineConfig } from 'tsup';
import { esmPackage } from '../../tsup.base.ts';

const doors = { index: 'src/index.ts', routers: 'src/routers/index.ts', testing: 'src/testing/index.ts' };

export default defineConfig(esmPackage(doors, { 'router/bin': 'src/relpipe-router/bin.ts' }));
