import type { Json } from '../../contract/index.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import { isMapping } from './is-mapping.ts';

/** A copy of a tree of mappings without what stands at a path. */
export function without(tree: Json, [key, ...inside]: Path): Json {
  if (!isMapping(tree) || key === undefined) return tree;
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]): [string, Json][] => {
      if (name !== String(key)) return [[name, value]];
      return inside.length === 0 ? [] : [[name, without(value, inside)]];
    }),
  );
}
