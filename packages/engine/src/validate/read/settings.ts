import type { TSchema } from 'typebox';
import type { Json } from '../../contract/index.ts';
import type { Value } from '../../expressions/value.ts';
import { isMapping, type Path, type RawMapping } from '../../load/raw-pipeline.ts';
import { commandGroupType, commandMetricType, runStepType } from '../../model/built-in-types.ts';
import { expectedAt } from '../../schema/field-types.ts';
import { closestNames } from '../../util/closest-names.ts';
import type { NamesHere } from '../name-scope.ts';
import type { ValidationContext } from '../validation-context.ts';
import { readCondition, readString, readStringOrSecret } from './read-string.ts';

/** A tree of settings: every string in it is parsed, and the type of every expression is checked against the schema. */
export function readSettings(settings: Json, schema: TSchema, path: Path, names: NamesHere, context: ValidationContext): Value {
  return readInside(settings, []);

  function readInside(value: Json, inside: Path): Value {
    if (typeof value === 'string') return readSetting(value, inside);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item: Json, index) => readInside(item, [...inside, index]));
    return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, Json]) => [key, readInside(inner, [...inside, key])]));
  }

  function readSetting(text: string, inside: Path): Value {
    const at = [...path, ...inside];
    const expected = expectedAt(schema, inside);
    if (expected === 'group') return readGroup(text, at, names, context);
    if (expected === 'condition') return readCondition(text, at, names, context);
    if (expected === 'secret' || expected === 'any') return readStringOrSecret(text, at, names, context) ?? text;
    return readString(text, at, names, context, expected) ?? text;
  }
}

/** A word is a group, which is declared; an expression returns names, and stays apart from a group of that name. */
function readGroup(text: string, path: Path, names: NamesHere, context: ValidationContext): Value {
  if (text.includes('${{')) return { names: readString(text, path, names, context) ?? text };
  const { groups } = context.symbols;
  if (!groups.includes(text)) context.reportUnknown('group', text, groups, path);
  return text;
}

/**
 * Settings beside `with` instead of in it are reported once and read as if they were in it, so that they cause no other finding. `own`:
 * the keys of the construct itself.
 */
export function gatherSettings(
  construct: RawMapping,
  own: object,
  settings: TSchema | undefined,
  path: Path,
  where: string,
  context: ValidationContext,
): RawMapping {
  const known = (settings as { readonly properties?: object } | undefined)?.properties ?? {};
  const strays = Object.entries(construct).filter(([key]) => Object.hasOwn(known, key) && !Object.hasOwn(own, key));
  const inside = construct['with'] ?? {};
  if (strays.length === 0 || !isMapping(inside)) return construct;
  const places = strays.map(([key]) => ({ at: context.raw.placeOfKey([...path, key]), note: `\`${key}\` is a setting` }));
  const [first] = places;
  const keys = strays.map(([key]) => key);
  if (first) context.report('REL_SETTINGS_OUTSIDE_WITH', { keys, where }, first.at, places.slice(1));
  const rest = Object.entries(construct).filter(([key]) => !keys.includes(key));
  return { ...Object.fromEntries(rest), with: { ...Object.fromEntries(strays), ...inside } };
}

/**
 * A type that no loaded plugin provides: misspelt, or of a plugin that is not declared. A plugin that could not be loaded is reported
 * itself.
 */
export function reportUnknownType(what: string, uses: string, types: readonly string[], path: Path, context: ValidationContext): void {
  if (uses.includes('${{')) {
    context.report('REL_LITERAL_REQUIRED', { key: 'uses', kind: what }, path);
    return;
  }
  const known = types.filter((type) => !type.startsWith('relpipe.'));
  const prefix = prefixOf(uses);
  const isPluginKnown = known.some((type) => prefixOf(type) === prefix);
  const [inPlugin] = known.filter((type) => type.split('.')[1] === uses);
  if (inPlugin !== undefined) context.report('REL_NAME_UNKNOWN', { what, name: uses, close: [inPlugin], known }, path);
  else if (isPluginKnown || closestNames(uses, known).length > 0) context.reportUnknown(what, uses, known, path);
  else if (context.registry.incomplete !== true) context.report('REL_PLUGIN_NOT_DECLARED', { what, uses, prefix }, path);
}

const prefixOf = (type: string): string => type.split('.')[0] ?? type;

/** The types behind `run:` cannot be used by name: their command would not be prepared, and an expression could change the script. */
export function isReservedType(uses: string, path: Path, context: ValidationContext): boolean {
  if (![runStepType, commandMetricType, commandGroupType].includes(uses)) return false;
  context.report('REL_USES_RESERVED', { uses }, path);
  return true;
}
