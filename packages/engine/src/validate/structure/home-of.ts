import type { Path } from '../../load/raw-pipeline.ts';
import { pipelineShape, stageShape } from '../shapes/pipeline-shape.ts';
import { stepShapes } from '../shapes/step-shape.ts';

const homes = [
  { keys: pipelineShape.properties, words: 'the top of the file' },
  { keys: stageShape.properties, words: 'a stage' },
  ...Object.entries(stepShapes).map(([action, { properties }]) => ({ keys: properties, words: `a \`${action}\` step` })),
];

/** Where a key belongs that stands at the top of the file or in a stage and is known elsewhere. */
export function homeOf(key: string, path: Path): string | undefined {
  const isOutside = path.length === 0 || (path.length === 2 && path[0] === 'stages');
  return isOutside ? homes.find(({ keys }) => Object.hasOwn(keys, key))?.words : undefined;
}
