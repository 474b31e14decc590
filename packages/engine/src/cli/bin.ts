#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { insistOnNode } from './insist-on-node.ts';
import { silenceExperimentalWarnings } from './silence-experimental-warnings.ts';

insistOnNode();
silenceExperimentalWarnings();
enableCompileCache();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
