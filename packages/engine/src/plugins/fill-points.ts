import type { TSchema } from 'typebox';
import { schemaKeyword } from '../contract/schema-words.ts';
import { fillingKey, type FilledPoint } from './filled-point.ts';

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
