import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { exceptions, wordList, type Entry } from './word-list.ts';

const repository = resolve(import.meta.dirname, '../..');

/** A text that people read, line by line. */
interface Text {
  readonly name: string;
  /** As written. */
  readonly lines: string;
  /** With identifiers taken apart: `isFullyKnown` is `is Fully Known`. */
  readonly words: string;
}

const texts: readonly Text[] = [...sources(), ...pages(), ...(await help())];

test('there are sources, pages and help texts to check', () => {
  const names = texts.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['packages/engine/src/run/drive.ts', 'README.md', 'docs/guide.md', 'relpipe run --help']));
});

test.each(wordList)('nothing says "$word" ($use)', (entry) => {
  expect(texts.flatMap((text) => found(entry, text)).filter(({ isExcepted }) => !isExcepted).map(({ place }) => `${place}: "${entry.word}" → ${entry.use}`)).toEqual([]);
});

test('every exception to the word list is still needed', () => {
  const needed = new Set(wordList.flatMap((entry) => texts.flatMap((text) => found(entry, text).flatMap(({ by }) => by))));
  expect(exceptions.filter((exception) => !needed.has(exception))).toEqual([]);
});

/** Where a text has a word, with the exceptions that allow it. */
function found({ word, pattern }: Entry, { name, lines, words }: Text) {
  const regex = pattern ?? new RegExp(String.raw`\b${word}\b`, 'gi');
  const text = regex.ignoreCase ? words : lines;
  return [...text.matchAll(anySpace(regex))].map(({ index }) => {
    const number = text.slice(0, index).split('\n').length;
    const line = lines.split('\n')[number - 1] ?? '';
    const by = exceptions.filter((exception) => exception.word === word && exception.file === name && line.includes(exception.line ?? ''));
    return { place: `${name}:${number}`, isExcepted: by.length > 0, by };
  });
}

/** A phrase may go on in the next line. */
const anySpace = ({ source, flags }: RegExp): RegExp => new RegExp(source.replaceAll(' ', String.raw`\s+`), flags);

function sources(): readonly Text[] {
  return filesOf('packages', (path) => /^[^/]+\/src\/.*\.ts$/.test(path)).map((name) => {
    const lines = readFileSync(join(repository, name), 'utf8');
    const withoutMargins = lines.replaceAll(/^ *(\*|\/\/) /gm, (margin) => ' '.repeat(margin.length));
    return { name, lines: withoutMargins, words: `${wordsOf(withoutMargins)}\n${wordsOf(name).replaceAll('-', ' ')}` };
  });
}

function pages(): readonly Text[] {
  const names = [
    ...readdirSync(repository).filter((name) => name.endsWith('.md')),
    ...filesOf('docs', () => true),
    ...filesOf('examples', () => true),
    ...filesOf('packages', (path) => /^[^/]+\/README\.md$/.test(path)),
  ];
  return names.map((name) => {
    const lines = readFileSync(join(repository, name), 'utf8');
    return { name, lines, words: `${wordsOf(lines)}\n${wordsOf(name).replaceAll('-', ' ')}` };
  });
}

async function help(): Promise<readonly Text[]> {
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, {});
  const { all } = await relpipe('--help');
  const commands = [...all.matchAll(/^ {2}(\w+) \[/gm)].map(([, command = '']) => command).filter((command) => command !== 'help');
  const named = commands.map(async (command) => ({ name: `relpipe ${command} --help`, lines: (await relpipe(command, '--help')).all }));
  return [{ name: 'relpipe --help', lines: all }, ...(await Promise.all(named))].map((text) => ({ ...text, words: text.lines }));
}

function filesOf(folder: string, isWanted: (path: string) => boolean): readonly string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1))
    .filter((name) => !/(^|\/)(node_modules|dist)\//.test(name) && isWanted(name.slice(folder.length + 1)));
}

function wordsOf(text: string): string {
  return text.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ');
}
