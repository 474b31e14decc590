import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const file = join(import.meta.dirname, 'step-types.types.ts');
const mark = '// @ts-expect-error';

// The file also stands among what `check:types` compiles; here its marks are taken away, to see what they hide.
test('the compiler refuses seven step types and two uses of a point that break their promises, each where it does, and takes those that keep them', { timeout: 60_000 }, async () => {
  const text = await readFile(file, 'utf8');
  const marked = text.split('\n').flatMap((line, n) => (line.includes(mark) ? [n + 1] : []));
  expect(marked.length).toBe(9);
  expect(linesWithErrors(text.replaceAll(mark, '// mistake:'))).toEqual(marked);
});

/** Lines, counted from 0, that the compiler refuses when the file holds `text`, with the settings of the package. */
function linesWithErrors(text: string): number[] {
  const settings = join(import.meta.dirname, '../../tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(settings, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
  const host = ts.createCompilerHost(config!.options);
  const read = host.readFile.bind(host);
  host.readFile = (name) => (name === file ? text : read(name));
  const program = ts.createProgram([file], { ...config!.options, noEmit: true }, host);
  const source = program.getSourceFile(file)!;
  return ts.getPreEmitDiagnostics(program, source).map(({ start }) => source.getLineAndCharacterOfPosition(start ?? 0).line);
}
