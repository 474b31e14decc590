#!/usr/bin/env node
// As a whole: an older Node.js lacks the name inside, and would say so instead of what `insistOnNode` says.
import nodeModule from 'node:module';
import { insistOnNode } from './require-node.ts';
import { outliveReaders } from './ignore-broken-pipe.ts';
import { silenceExperimentalWarnings } from './silence-experimental-warnings.ts';

insistOnNode();
silenceExperimentalWarnings();
outliveReaders();
nodeModule.enableCompileCache();
const { main } = await import('./main.ts');
const code = await main(process.argv.slice(2));
await Promise.all([process.stdout, process.stderr].map(drained));
// A step type that ignores its signal must not keep the process.
process.exit(code);

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
