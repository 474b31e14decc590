import { expect, test } from 'vitest';
import { parsePipeline } from '../../src/load/parse-pipeline.ts';

const parse = (source: string) => parsePipeline('/project/release.pipeline.yaml', source);
const at = (line: number, column: number, length: number) => expect.objectContaining({ line, column, length }) as unknown;

test('a value and the key that leads to it have places of their own', () => {
  const raw = parse('name: sample\nstages:\n  build:\n    steps:\n      - { id: compile, run: make }\n');
  expect(raw.placeOf(['stages', 'build', 'steps', 0, 'run'])).toEqual(at(5, 29, 4));
  expect(raw.placeOfKey(['stages', 'build', 'steps', 0, 'run'])).toEqual(at(5, 24, 3));
});

test('a missing value has the place of the nearest thing around it', () => {
  const raw = parse('stages:\n  build: { steps: [] }\n');
  expect(raw.placeOf(['stages', 'build', 'steps', 7, 'run'])).toEqual(at(2, 19, 2));
});

test('the path to a place may lead through aliases', () => {
  const raw = parse('a: &a { x: 1 }\nb: *a\n');
  expect(raw.placeOf(['b', 'x'])).toEqual(at(1, 12, 1));
});

test('a stretch of text is found in plain, quoted, folded and literal scalars', () => {
  const raw = parse('plain: echo HERE\nquoted: "tab\\tHERE"\nfolded: >-\n  one\n  two HERE\nliteral: |\n  HERE\n  then HERE\n');
  const { root } = raw;
  const placeOf = (key: string) => raw.placeInText([key], (root?.[key] as string).lastIndexOf('HERE'), 4);
  expect(placeOf('plain')).toEqual(at(1, 13, 4));
  expect(placeOf('quoted')).toEqual(at(2, 15, 4));
  expect(placeOf('folded')).toEqual(at(5, 7, 4));
  expect(placeOf('literal')).toEqual(at(8, 8, 4));
});

test('a scalar can be read exactly as it is written', () => {
  expect(parse("a: '3.10'\n").sourceTextOf(['a'])).toBe("'3.10'");
});

test('words that older YAML read as booleans are strings', () => {
  expect(parse('id: yes\nswitch: on\nday: 2026-11-20\n').root).toEqual({ id: 'yes', switch: 'on', day: '2026-11-20' });
});

test.each(['3.10', '010', '0x10', '1e3', '.5', '+1', '.inf', '1.0'])('the plain number %s is refused, because it is printed differently from how it is written', (written) => {
  expect(parse(`python: ${written}\n`).findings.map(({ code }) => code)).toEqual(['REL_YAML_VALUE_REWRITTEN']);
  expect(parse(`python: "${written}"\n`).findings).toEqual([]);
});

test('a key of a prototype is only a key', () => {
  const { root } = parse('__proto__: { polluted: true }\n');
  expect(Object.keys(root ?? {})).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a file nested deeper than the parser can follow is a finding, not a crash', () => {
  const block = Array.from({ length: 3000 }, (_, depth) => `${'  '.repeat(depth)}a:\n`).join('');
  for (const source of [block, `a: ${'- '.repeat(20_000)}x`, `a:\n  ${'- '.repeat(20_000)}x\n`, `a: ${'['.repeat(20_000)}`]) {
    expect(parse(source).findings).toContainEqual(expect.objectContaining({ severity: 'error', hint: expect.any(String) as unknown }));
    expect(parse(source).root?.['a'] ?? null).toBeNull();
  }
});

test('a line with more open brackets than anybody writes is refused at the first one too many, and hides nothing after it', () => {
  const { findings } = parse(`one: ${'{ a: '.repeat(150)}\ntwo: ${'['.repeat(99)}${']'.repeat(99)}\nthree: echo a: b\n`);
  expect(findings.map(({ code, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${code}`)).toEqual(['1:506 REL_YAML_NESTED_TOO_DEEPLY', '3:8 REL_YAML_NEEDS_QUOTES']);
  expect(parse(`one:\n${'? '.repeat(150)}x\n`).findings.map(({ code, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${code}`)).toEqual(['2:200 REL_YAML_NESTED_TOO_DEEPLY']);
});

test('a line that breaks the structure hides nothing after it, and everything after it keeps its place', () => {
  const raw = parse('one: { a: b ${{ c }} }\ntwo: [a, b]]\nthree: echo a: b\nfour: fine\n');
  expect(raw.findings.map((finding) => `${finding.at?.line ?? 0} ${finding.code}`)).toEqual([
    '1 REL_YAML_NEEDS_QUOTES',
    '2 REL_YAML_BRACKET_UNMATCHED',
    '3 REL_YAML_NEEDS_QUOTES',
  ]);
});

test('a line that breaks the file again after it was emptied ends the reading, at its place', () => {
  const { findings } = parse('      - { id: compile, run: make }\nstages:\n  build: fold\n        run: > make\n');
  expect(findings.map(({ code, at }) => `${code} ${at?.line}`)).toContain('REL_YAML_SYNTAX 2');
});

test('text after a string of several lines is found in its own line', () => {
  const { findings } = parse('name: sample\ndescription: """\n  more""\nstages: "x\n');
  expect(findings.map(({ code, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${code}`)).toEqual(['2:16 REL_YAML_SYNTAX', '3:8 REL_YAML_SYNTAX', '4:9 REL_YAML_QUOTE_UNCLOSED']);
});

test('a file of which each reading has thousands of errors is read a few times only', () => {
  const findings = (lines: number) => parse(Array.from({ length: lines }, (_, i) => `k${i}: { x: 1 } } }\n`).join('')).findings.length;
  expect(findings(30)).toBe(10);
  expect(findings(3000)).toBe(1);
});

test('a bracket that several errors lead to is one finding', () => {
  const { findings } = parse('one:\n  - { x: [1, 2}\n  - { y: 1 }\n');
  expect(findings.map(({ code, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${code}`)).toEqual(['2:10 REL_YAML_BRACKET_UNCLOSED']);
});
