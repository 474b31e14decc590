#!/usr/bin/env node
process.stderr.write('relpipe has no commands yet.\n');
process.exitCode = 1;
export {};
