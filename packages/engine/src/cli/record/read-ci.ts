import type { CiField } from '../../expressions/scope.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What a CI system says about the job in which this process runs. */
export interface CiJob {
  readonly system: string;
  readonly values: Readonly<Partial<Record<CiField, string>>>;
}

/** The job around this process; undefined outside of CI, and in systems that are not known. An empty variable counts as missing. */
export function readCi(env: Variables): CiJob | undefined {
  const found = systems.find(({ marker }) => env[marker]);
  if (!found) return undefined;
  const values = Object.entries(found.read(env)).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return { system: found.system, values: Object.fromEntries(values) };
}

interface CiSystem {
  readonly system: string;
  /** A variable that is set in each of its jobs, and nowhere else. */
  readonly marker: string;
  readonly read: (env: Variables) => Partial<Record<CiField, string | undefined>>;
}

// By the list of predefined variables of each system's documentation.
const systems: readonly CiSystem[] = [
  { system: 'GitHub Actions', marker: 'GITHUB_ACTIONS', read: readGithub },
  {
    system: 'GitLab CI',
    marker: 'GITLAB_CI',
    read: (env) => ({
      tag: env['CI_COMMIT_TAG'],
      branch: env['CI_COMMIT_BRANCH'] ?? env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'],
      commit: env['CI_COMMIT_SHA'],
      event: env['CI_PIPELINE_SOURCE'],
      actor: env['GITLAB_USER_LOGIN'],
      'pull-request': env['CI_MERGE_REQUEST_IID'],
    }),
  },
  {
    system: 'Bitbucket Pipelines',
    marker: 'BITBUCKET_BUILD_NUMBER',
    read: (env) => ({ tag: env['BITBUCKET_TAG'], branch: env['BITBUCKET_BRANCH'], commit: env['BITBUCKET_COMMIT'], 'pull-request': env['BITBUCKET_PR_ID'] }),
  },
  {
    // Of a multibranch pipeline. Nothing says who has started a job.
    system: 'Jenkins',
    marker: 'JENKINS_URL',
    read: (env) => ({
      tag: env['TAG_NAME'],
      branch: env['CHANGE_BRANCH'] ?? (env['TAG_NAME'] ? undefined : env['BRANCH_NAME']),
      commit: env['GIT_COMMIT'],
      'pull-request': env['CHANGE_ID'],
    }),
  },
];

/** `refs/tags/v1.4.0`, `refs/heads/main`, `refs/pull/12/merge`. */
function readGithub(env: Variables): Partial<Record<CiField, string | undefined>> {
  const [, kind, name] = /^refs\/(tags|heads|pull)\/(.*)$/.exec(env['GITHUB_REF'] ?? '') ?? [];
  return {
    tag: kind === 'tags' ? name : undefined,
    branch: kind === 'heads' ? name : env['GITHUB_HEAD_REF'],
    commit: env['GITHUB_SHA'],
    event: env['GITHUB_EVENT_NAME'],
    actor: env['GITHUB_ACTOR'],
    'pull-request': kind === 'pull' ? name?.split('/')[0] : undefined,
  };
}
