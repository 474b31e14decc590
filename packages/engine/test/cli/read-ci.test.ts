import { expect, test } from 'vitest';
import { identifyPerson } from '../../src/cli/record/identify-person.ts';
import { readCi } from '../../src/cli/record/read-ci.ts';

const github = { GITHUB_ACTIONS: 'true', GITHUB_SHA: 'abc', GITHUB_EVENT_NAME: 'push', GITHUB_ACTOR: 'ann' };

test.each([
  ['a tag', { ...github, GITHUB_REF: 'refs/tags/v1.4.0' }, { tag: 'v1.4.0', commit: 'abc', event: 'push', actor: 'ann' }],
  ['a branch', { ...github, GITHUB_REF: 'refs/heads/feature/x', GITHUB_HEAD_REF: '' }, { branch: 'feature/x', commit: 'abc', event: 'push', actor: 'ann' }],
  [
    'a pull request',
    { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/12/merge', GITHUB_HEAD_REF: 'feature' },
    { branch: 'feature', commit: 'abc', event: 'pull_request', actor: 'ann', 'pull-request': '12' },
  ],
])('GitHub Actions on %s', (_, env, values) => {
  expect(readCi(env)).toEqual({ system: 'GitHub Actions', values });
});

test.each([
  ['GitLab CI', { GITLAB_CI: 'true', CI_COMMIT_TAG: 'v1', CI_COMMIT_SHA: 'abc', CI_PIPELINE_SOURCE: 'push', GITLAB_USER_LOGIN: 'bob' }, { tag: 'v1', commit: 'abc', event: 'push', actor: 'bob' }],
  [
    'GitLab CI',
    { GITLAB_CI: 'true', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature', CI_MERGE_REQUEST_IID: '7', CI_COMMIT_SHA: 'abc', CI_PIPELINE_SOURCE: 'merge_request_event' },
    { branch: 'feature', 'pull-request': '7', commit: 'abc', event: 'merge_request_event' },
  ],
  ['Bitbucket Pipelines', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_BRANCH: 'main', BITBUCKET_COMMIT: 'abc', BITBUCKET_PR_ID: '3' }, { branch: 'main', commit: 'abc', 'pull-request': '3' }],
  ['Jenkins', { JENKINS_URL: 'http://ci', TAG_NAME: 'v3', BRANCH_NAME: 'v3', GIT_COMMIT: 'abc' }, { tag: 'v3', commit: 'abc' }],
  ['Jenkins', { JENKINS_URL: 'http://ci', BRANCH_NAME: 'PR-4', CHANGE_BRANCH: 'feature', CHANGE_ID: '4' }, { branch: 'feature', 'pull-request': '4' }],
] as const)('%s', (system, env, values) => {
  expect(readCi(env)).toEqual({ system, values });
});

test('outside of CI there is no job, and a person is the user of the system', () => {
  expect(readCi({ CI: 'true', GITHUB_ACTIONS: '' })).toBeUndefined();
  expect(identifyPerson(undefined, {}).by).toBe('os-user');
  expect(identifyPerson(undefined, github)).toEqual({ who: 'ann', by: 'ci-actor' });
});
