import { expect, test } from 'vitest';
import { githubCommands } from '../../../src/report/lines/github-commands.ts';

const finding = { severity: 'error', code: 'REL_KEY_UNKNOWN', message: '100%: a\nb', hint: 'Did you mean "run"?' } as const;

test('a finding is an annotation at its line, escaped as the toolkit of GitHub Actions does', () => {
  const at = { file: '/project/release.pipeline.yaml', line: 6, column: 3, length: 4 };
  expect(githubCommands.finding('a,b/release.pipeline.yaml', { ...finding, at })).toBe(
    '::error file=a%2Cb/release.pipeline.yaml,line=6,col=3,title=REL_KEY_UNKNOWN::REL_KEY_UNKNOWN: 100%25: a%0Ab%0ADid you mean "run"?',
  );
});

test('a finding without a place is an annotation of the job', () => {
  expect(githubCommands.finding(undefined, { ...finding, severity: 'warning' })).toMatch(/^::warning title=REL_KEY_UNKNOWN::/);
});
