import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Path } from '../../load/raw-pipeline.ts';
import type { SchemaNode } from '../../schema/schema-node.ts';
import { closestNames } from '../../util/closest-names.ts';
import { pipelineShape, stageShape } from '../shapes/pipeline-shape.ts';
import { stepShapes } from '../shapes/step-shape.ts';

/** Keys of other tools, mostly GitHub Actions and GitLab, and of earlier drafts of the language, and what they are called here. */
const calledElsewhere: Readonly<Record<string, string>> = {
  after_script: 'finally',
  allow_failure: 'on-failure',
  choose: 'when',
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
  'max-blind': 'wake-every',
  maximum: 'max',
  minimum: 'min',
  parameters: 'inputs',
  params: 'inputs',
  pause: 'hold',
  reporters: 'notify',
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
  'ways-back': 'rollbacks',
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
export const notImplemented: ReadonlySet<string> = new Set(['rollbacks']);

/** The most likely meaning of a value of the wrong type; undefined when nothing is likely. */
export function likelyFix(
  { keyword, data: value }: ErrorObject,
  schema: SchemaNode,
  expected: string,
  written: string | undefined,
): string | undefined {
  if (keyword === 'pattern') {
    return schema.description === undefined
      ? `It must match ${schema.pattern ?? ''}.`
      : `Expected: ${schema.description.replace(/\.$/, '')}.`;
  }
  if (keyword !== 'type') return undefined;
  const types = typesOf(schema);
  if (value === null && types.some((type) => type === 'object' || type === 'array')) {
    return `Write ${expected}, on the same line or indented below it.`;
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (types.includes('array') && typeof schema.items === 'object' && typesOf(schema.items).includes(typeof value)) {
    return `Write it as a list: [${inFlow(value)}].`;
  }
  if (typeof value !== 'string' && types.includes('string')) return `Put it in quotes if it is a string: "${written ?? value}".`;
  return undefined;
}

/** An item of a list in one line, quoted where YAML would read it as more than that. */
const inFlow = (value: string | number | boolean): string => (/^[\w.-]+$/.test(String(value)) ? String(value) : JSON.stringify(value));

const typesOf = ({ type }: SchemaNode): readonly unknown[] => [type].flat();
