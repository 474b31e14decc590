import type { Provision } from '../contract/index.ts';

/** What is plugged into a point, from all plugins of a pipeline. */
export interface FilledPoint {
  readonly name: string;
  readonly provisions: ReadonlyMap<string, Provision>;
  /** The package that would bring a name, where that is known. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Under this symbol the schema of a point carries what fills it: JSON Schema has no word for something to call. */
export const fillingKey = Symbol('filled point');

export interface FilledNode {
  readonly [fillingKey]?: FilledPoint;
}
