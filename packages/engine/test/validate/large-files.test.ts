import { describe, expect, test } from 'vitest';
import { findings, validate } from './validate.ts';

const each = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('');

/** Each as a file with `count` stages or steps. */
const files: Readonly<Record<string, (count: number) => string>> = {
  'stages that need the one before and read its output': (count) =>
    `stages:\n${each(count, (i) => `  s${i}: { needs: [${i > 0 ? `s${i - 1}` : ''}], steps: [{ id: a${i}, run: "echo ${i > 0 ? `\${{ steps.a${i - 1}.outputs.x }}` : ''}", outputs: { x: string } }] }\n`)}`,
  'stages that need the one after': (count) =>
    `stages:\n${each(count, (i) => `  s${i}: { needs: [${i + 1 < count ? `s${i + 1}` : ''}], steps: [{ id: a${i}, run: make }] }\n`)}`,
  'steps of a stage in order': (count) => `stages:\n  all:\n    steps:\n${each(count, (i) => `      - { id: a${i}, run: make, timeout: 1m }\n`)}`,
  'steps of a parallel stage that need the one before': (count) =>
    `stages:\n  all:\n    parallel: true\n    timeout: 24h\n    steps:\n${each(count, (i) => `      - { id: a${i}, run: make, timeout: 1s, needs: [${i > 0 ? `a${i - 1}` : ''}] }\n`)}`,
  'steps with an unknown name each': (count) =>
    `stages:\n  all:\n    steps:\n${each(count, (i) => `      - { id: a${i}, run: "echo \${{ steps.b${i}.outputs.x }}" }\n`)}`,
};

/** CPU time of this process, so that other processes of the machine do not count; the better of two. */
function costOf(source: string): number {
  const costs = [1, 2].map(() => {
    const before = process.cpuUsage();
    validate(source);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

describe('a file ten times as large costs at most one and a half times as much for each stage or step', () => {
  test.each(Object.keys(files))('%s', { timeout: 120_000 }, (kind) => {
    const file = files[kind] ?? String;
    const [small, large] = [250, 2500].map((count) => costOf(file(count)) / count);
    expect((large ?? 0) / (small ?? 1)).toBeLessThan(1.5);
  });
});

/** Each with `count` broken lines. */
const brokenFiles: Readonly<Record<string, (i: number) => string>> = {
  'a quote that is never closed': (i) => `      - { id: s${i}, run: "x }\n`,
  'a bracket too many': (i) => `      - { id: s${i}, run: x }}\n`,
  'a string that lacks its quotes': (i) => `      - { id: s${i}, run: echo \${{ inputs.x }} }\n`,
  'an unknown alias': (i) => `      - { id: s${i}, run: *x${i} }\n`,
  'a whole pipeline pasted at the wrong place': () => '      - { id: a, run: make }\nstages:\n  build: fold\n        run: > make\n',
};

describe('a file with ten times as many broken lines costs at most twice as much for each line', () => {
  test.each(Object.keys(brokenFiles))('%s', { timeout: 120_000 }, (kind) => {
    const file = (count: number) => `relpipe: 1\nname: x\nstages:\n  a:\n    steps:\n${each(count, brokenFiles[kind] ?? String)}`;
    const [small, large] = [60, 600].map((count) => costOf(file(count)) / count);
    expect((large ?? 0) / (small ?? 1)).toBeLessThan(2);
  });
});

test('a cycle of five thousand stages is one finding of one line', () => {
  const cycle = `stages:\n${each(5000, (i) => `  s${i}: { needs: [s${(i + 1) % 5000}], steps: [{ id: a${i}, run: make }] }\n`)}`;
  expect(findings(cycle)).toEqual(['REL_NEEDS_CYCLE 2:17']);

  const result = validate(cycle);
  const [{ message, related } = { message: '' }] = result.ok ? [] : result.diagnostics;
  expect(message).toBe('Dependency cycle between stages: s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → s8 → … (4990 more) → s4999 → s0.');
  expect(related).toHaveLength(10);
});

test('a wrong name among thousands still gets a suggestion', () => {
  const source = `stages:\n  all:\n    steps:\n${each(1000, (i) => `      - { id: compile-${i}, run: make, outputs: { x: string } }\n`)}      - { id: show, run: "echo \${{ steps.compile-99o.outputs.x }}" }\n`;
  const result = validate(source);
  expect(result.ok ? [] : result.diagnostics.map(({ hint }) => hint)).toEqual(['Did you mean "compile-99", "compile-990" or "compile-991"?']);
});
