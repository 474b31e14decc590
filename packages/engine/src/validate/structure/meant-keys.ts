import { closestNames } from '../../util/closest-names.ts';

/** What people know from other tools, most of it from GitHub Actions and GitLab, and what it is called here. */
const calledElsewhere: Readonly<Record<string, string>> = {
  after_script: 'finally',
  allow_failure: 'on-failure',
  command: 'run',
  condition: 'when',
  'continue-on-error': 'on-failure',
  cwd: 'workdir',
  delay: 'hold',
  depends_on: 'needs',
  dependsOn: 'needs',
  environment: 'env',
  if: 'when',
  interval: 'every',
  jobs: 'stages',
  maximum: 'max',
  minimum: 'min',
  parameters: 'inputs',
  params: 'inputs',
  pause: 'hold',
  requires: 'needs',
  retries: 'retry',
  revert: 'rollback',
  rules: 'when',
  script: 'run',
  sleep: 'hold',
  strategy: 'matrix',
  'timeout-minutes': 'timeout',
  undo: 'rollback',
  variables: 'env',
  wait: 'hold',
  'working-directory': 'workdir',
};

/** The keys that somebody who wrote another one most likely meant, best first. */
export function meantKeys(key: string, known: readonly string[]): readonly string[] {
  const here = Object.hasOwn(calledElsewhere, key) ? calledElsewhere[key] : undefined;
  return here !== undefined && known.includes(here) ? [here] : closestNames(key, known);
}
