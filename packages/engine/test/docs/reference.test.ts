import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { exitCodes, exitCodeOf } from '../../src/cli/exit-codes.ts';

const repository = join(import.meta.dirname, '../../../..');
const read = (page: string) => readFile(join(repository, 'docs/reference', page), 'utf8');
const help = async (...command: readonly string[]) =>
  (await execa(process.execPath, [join(repository, 'packages/engine/dist/cli/bin.js'), ...command, '--help'])).stdout;

const flagsIn = (text: string): string[] => [...new Set(text.match(/(?<![\w-])--[a-z-]+/g))].filter((flag) => flag !== '--help').toSorted();
const sections = new Map(
  (await read('commands.md')).split(/^## relpipe /m).slice(1).map((section) => [/^\S+/.exec(section)![0], section.split(/^## /m)[0]!]),
);

test('every command there is has a section, and no other', async () => {
  const commands = [...(await help()).matchAll(/^ {2}(\w+) \[/gm)].map(([, name]) => name);
  expect([...sections.keys()].toSorted()).toEqual([...commands, 'runs'].filter((name, n, all) => all.indexOf(name) === n && name !== 'help').toSorted());
});

test.each([...sections.keys()])('the section about %s has a row for each of its options', async (command) => {
  const rows = sections.get(command)!.split('\n').filter((line) => line.startsWith('| `'));
  const options = (await help(command)).split('Options:')[1] ?? '';
  const defined = options.match(/^ {2}(-\w, )?--[a-z-]+/gm) ?? [];
  expect(flagsIn(rows.map((row) => row.split('|')[1]).join(' '))).toEqual(flagsIn(defined.join(' ')));
});

test('the page of exit codes has every code there is', async () => {
  const codes = [...(await read('exit-codes.md')).matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  const signals = (['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((interrupted) => exitCodeOf({ interrupted, arrived: [] }));
  expect(codes).toEqual([...Object.values(exitCodes), ...signals].toSorted((a, b) => a - b));
});
