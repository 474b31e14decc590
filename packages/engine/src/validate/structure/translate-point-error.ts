import type { ErrorObject } from 'ajv/dist/2020.js';
import { diagnose, type Diagnostic } from '../../errors/diagnostic.ts';
import type { Path, RawPipeline } from '../../load/raw-pipeline.ts';
import { type FilledPoint, fillingKey, type SchemaNode } from '../../schema/schema-node.ts';
import { closestNames } from '../../util/closest-names.ts';

/** The error about the name at a point: no package provides it, or there are none or several. Undefined for any other error. */
export function translatePointError(error: ErrorObject, path: Path, where: string, raw: RawPipeline): Diagnostic | undefined {
  const filling = (error.parentSchema as SchemaNode | undefined)?.[fillingKey];
  if (!filling || !keywords.includes(error.keyword)) return undefined;
  const found = Object.keys(error.data as object);
  const known = [...filling.provisions.keys()];
  if (known.length === 0) {
    return diagnose('REL_POINT_EMPTY', { where, point: filling.name, ...bringerOf(found, filling) }, raw.placeOf(path));
  }
  if (error.keyword === 'additionalProperties') {
    const name = (error.params as { additionalProperty: string }).additionalProperty;
    const details = { name, where, point: filling.name, close: closestNames(name, known), known, ...bringerOf([name], filling) };
    return diagnose('REL_POINT_NAME_UNKNOWN', details, raw.placeOfKey([...path, name]));
  }
  const related = found.length < 2 ? [] : found.map((key) => ({ at: raw.placeOfKey([...path, key]), note: `\`${key}\` is here` }));
  return diagnose('REL_KEY_EXACTLY_ONE', { where, choices: known.map((name) => [name]), found }, raw.placeOf(path), related);
}

const keywords = ['additionalProperties', 'minProperties', 'maxProperties'];

function bringerOf(names: readonly string[], { elsewhere }: FilledPoint): { readonly bringer?: string } {
  const bringer = names.map((name) => (Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined)).find((known) => known !== undefined);
  return bringer === undefined ? {} : { bringer };
}
