import type { TSchema } from 'typebox';
import type { Provided } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import type { Value } from '../expressions/value.ts';
import { type FilledPoint, fillingKey, isPlainObject, type SchemaNode } from './schema-node.ts';
import { replaceNodes } from './visit-schema.ts';

export interface PointFiller {
  readonly points: ReadonlyMap<string, FilledPoint>;
  /** A package could not be loaded: an unknown name may be its own. */
  readonly incomplete: boolean;
}

/** The schema with every point in it as a mapping that takes exactly one of the names provided to it; the schema itself where it has none. */
export const fillPoints = <S extends TSchema>(schema: S, filler: PointFiller): S =>
  replaceNodes(schema, (node) => (isPoint(node) ? fillPoint(node, filler) : undefined)) as S;

/** Whether a point is asked for somewhere in a schema. */
export const holdsPoint = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && (isPoint(schema) || Object.values(schema).some(holdsPoint));

interface PointNode {
  readonly point: string;
}

const isPoint = (node: object): node is PointNode =>
  schemaKeyword in node && node[schemaKeyword] === 'point' && 'point' in node && typeof node.point === 'string';

function fillPoint(node: PointNode, { points, incomplete }: PointFiller): object {
  const filling: FilledPoint = points.get(node.point) ?? { name: node.point, provisions: new Map(), elsewhere: {} };
  const properties = Object.fromEntries([...filling.provisions].map(([name, provision]) => [name, provision.with]));
  return { ...node, properties, additionalProperties: incomplete, minProperties: 1, maxProperties: 1, [fillingKey]: filling };
}

/**
 * The one provision that is named at a point, ready to be opened; undefined where none or several are named, which the validator reports.
 * @param decode returns the settings below its name as the provision works with them
 */
export function provide(
  node: SchemaNode,
  value: unknown,
  decode: (schema: SchemaNode, settings: unknown) => unknown,
): { readonly value: Provided<unknown> } | undefined {
  const [[name, settings] = [], ...others] = isPlainObject(value) ? Object.entries(value) : [];
  const provision = name === undefined || others.length > 0 ? undefined : node[fillingKey]?.provisions.get(name);
  if (name === undefined || !provision) return undefined;
  const config = decode(provision.with, settings);
  return { value: markWritten({ name, open: (context) => provision.open(config as object, context) }, value as Value) };
}

const written = Symbol('as written');

/** Marks the value that a plugin gets for a point with what was written for it: a composite passes it on, and the plan holds only data. */
export const markWritten = <T extends object>(given: T, value: Value): T => Object.defineProperty(given, written, { value });

export const writtenAt = (given: unknown): Value | undefined =>
  typeof given === 'object' && given !== null && written in given ? (given[written] as Value) : undefined;
