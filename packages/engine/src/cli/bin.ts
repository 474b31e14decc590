#!/usr/bin/env node
// As a whole: an older Node.js lacks the name inside, and would say so instead of what `requireRuntime` says.
import nodeModule from 'node:module';
import { ignoreBrokenPipe } from './ignore-broken-pipe.ts';
import { requireRuntime } from './require-runtime.ts';

requireRuntime();
silenceExperimentalWarnings();
ignoreBrokenPipe();
nodeModule.enableCompileCache();
const { main } = await import('./main.ts');
const code = await main(process.argv.slice(2));
await Promise.all([process.stdout, process.stderr].map(drained));
// A step type that ignores its signal must not keep the process.
process.exit(code);

/** `node:sqlite` warns that it is experimental each time it is loaded; somebody who runs a release cannot act on that. */
function silenceExperimentalWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  process.emitWarning = (...all: unknown[]): void => {
    const [, kind] = all;
    const name = typeof kind === 'object' && kind !== null && 'type' in kind ? kind.type : kind;
    if (name !== 'ExperimentalWarning') emit(...all);
  };
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
