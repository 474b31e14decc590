import type { TSchema } from 'typebox';
import type { Provided } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import type { Value } from '../expressions/value.ts';
import { type FilledPoint, fillingKey, isPlain, type SchemaNode } from './schema-node.ts';

export interface PointFiller {
  readonly points: ReadonlyMap<string, FilledPoint>;
  /** A package could not be loaded: an unknown name may be its own. */
  readonly incomplete: boolean;
}

/** The schema with every point in it as a mapping that takes exactly one of the names provided to it; the schema itself where it has none. */
export const fillPoints = <S extends TSchema>(schema: S, filler: PointFiller): S => fill(schema, filler) as S;

function fill(node: unknown, filler: PointFiller): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (isPoint(node)) return filled(node, filler);
  if (Array.isArray(node)) return node.some(holdsPoint) ? node.map((part) => fill(part, filler)) : node;
  if (!holdsPoint(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, fill(part, filler)]));
}

/** Whether a point is asked for somewhere in a schema. */
export const holdsPoint = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && (isPoint(node) || Object.values(node).some(holdsPoint));

interface PointNode {
  readonly point: string;
}

const isPoint = (node: object): node is PointNode =>
  schemaKeyword in node && node[schemaKeyword] === 'point' && 'point' in node && typeof node.point === 'string';

function filled(node: PointNode, { points, incomplete }: PointFiller): object {
  const filling: FilledPoint = points.get(node.point) ?? { name: node.point, provisions: new Map(), elsewhere: {} };
  const properties = Object.fromEntries([...filling.provisions].map(([name, provision]) => [name, provision.with]));
  return { ...node, properties, additionalProperties: incomplete, minProperties: 1, maxProperties: 1, [fillingKey]: filling };
}

/**
 * The one provision that a setting names, ready to be opened; undefined where there is none that fits, which is reported elsewhere.
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
