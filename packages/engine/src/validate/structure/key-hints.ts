import type { Path } from '../../load/raw-pipeline.ts';
import { closestNames } from '../../util/closest-names.ts';
import { pipelineShape, stageShape } from '../shapes/pipeline-shape.ts';
import { stepShapes } from '../shapes/step-shape.ts';

/** Keys of other tools, mostly GitHub Actions and GitLab, and what they are called here. */
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
export function suggestKeys(key: string, known: readonly string[]): readonly string[] {
  const here = Object.hasOwn(calledElsewhere, key) ? calledElsewhere[key] : undefined;
  return here !== undefined && known.includes(here) ? [here] : closestNames(key, known);
}

const owners = [
  { keys: pipelineShape.properties, words: 'the top of the file' },
  { keys: stageShape.properties, words: 'a stage' },
  ...Object.entries(stepShapes).map(([action, { properties }]) => ({ keys: properties, words: `a \`${action}\` step` })),
];

/** The construct that has a key which is misplaced at the top of the file or in a stage. */
export function ownerOfKey(key: string, path: Path): string | undefined {
  const isOutside = path.length === 0 || (path.length === 2 && path[0] === 'stages');
  return isOutside ? owners.find(({ keys }) => Object.hasOwn(keys, key))?.words : undefined;
}

/** Keys of the language that this version does not support: refused by name, never ignored. */
export const notImplemented: ReadonlySet<string> = new Set([
  'choose',
  'concurrency',
  'labels',
  'pipeline',
  'runs-on',
  'ways-back',
]);
