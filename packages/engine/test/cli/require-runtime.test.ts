import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whyRefused } from '../../src/cli/require-runtime.ts';

const node = '24.4.0';

test.for([
  ['Windows', { platform: 'win32', versions: { node } }, 'relpipe does not run on Windows yet; use it in WSL 2, on Linux or on macOS.'],
  ['Deno', { platform: 'linux', versions: { node, deno: '2.4.1' } }, 'relpipe does not run on Deno; start it with Node.js 22.19 or newer: npx relpipe'],
  ['Bun', { platform: 'darwin', versions: { node, bun: '1.2.0' } }, 'relpipe does not run on Bun; start it with Node.js 22.19 or newer: npx relpipe, or bunx without --bun'],
  ['an older Node.js', { platform: 'linux', versions: { node: '22.18.0' } }, 'relpipe needs Node.js 22.19 or newer; this is 22.18.0. Install a newer one: https://nodejs.org'],
] as const)('on %s one sentence says what to use instead', ([, host, wanted]) => {
  expect(whyRefused(host)).toBe(wanted);
});

test('on Linux and macOS relpipe runs', () => {
  for (const platform of ['linux', 'darwin']) for (const version of ['22.19.0', '23.0.0', node]) expect(whyRefused({ platform, versions: { node: version } })).toBeUndefined();
});

test('the program ends with 2 on Windows, before it does anything', () => {
  const bin = join(import.meta.dirname, '../../dist/cli/bin.js');
  const windows = "data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})";
  const refused = (): string => execFileSync(process.execPath, ['--import', windows, bin, 'runs'], { encoding: 'utf8', stdio: 'pipe' });
  expect(refused).toThrow(expect.objectContaining({ status: 2, stdout: '', stderr: expect.stringMatching(/^relpipe does not run on Windows.*\n$/) as string }));
});
