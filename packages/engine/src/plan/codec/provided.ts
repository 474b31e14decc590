import type { Provided } from '../../contract/index.ts';
import type { Value } from '../../expressions/value.ts';
import { fillingKey } from '../../plugins/filled-point.ts';
import { isPlain } from './is-plain.ts';
import type { SchemaNode } from './schema-node.ts';

/**
 * The one provision that stands at a point, ready to be opened; undefined where nothing fitting stands there, which is said elsewhere.
 * @param ready makes the settings below its name what the provision works with
 */
export function provide(
  node: SchemaNode,
  value: unknown,
  ready: (schema: SchemaNode, settings: unknown) => unknown,
): { readonly value: Provided<unknown> } | undefined {
  const [[name, settings] = [], ...others] = isPlain(value) ? Object.entries(value) : [];
  const provision = name === undefined || others.length > 0 ? undefined : node[fillingKey]?.provisions.get(name);
  if (name === undefined || !provision) return undefined;
  const config = ready(provision.with, settings);
  return { value: asWritten({ name, open: (context) => provision.open(config as object, context) }, value as Value) };
}

const written = Symbol('as written');

/** Marks what a plugin is given for a point with what was written for it: a composite hands it on, and the plan holds only data. */
export const asWritten = <T extends object>(given: T, value: Value): T => Object.defineProperty(given, written, { value });

export const writtenAt = (given: unknown): Value | undefined =>
  typeof given === 'object' && given !== null && written in given ? (given[written] as Value) : undefined;
