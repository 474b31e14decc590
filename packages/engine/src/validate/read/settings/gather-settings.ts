import type { TSchema } from 'typebox';
import type { Path, RawMapping } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import { isMapping } from '../../structure/is-mapping.ts';

/**
 * Settings that stand beside `with` instead of in it are reported once and read as if they stood there, so that nothing else has to be said
 * about them. `own`: the keys of the construct itself.
 */
export function gatherSettings(construct: RawMapping, own: object, settings: TSchema | undefined, path: Path, where: string, reading: Reading): RawMapping {
  const known = (settings as { readonly properties?: object } | undefined)?.properties ?? {};
  const strays = Object.entries(construct).filter(([key]) => Object.hasOwn(known, key) && !Object.hasOwn(own, key));
  const inside = construct['with'] ?? {};
  if (strays.length === 0 || !isMapping(inside)) return construct;
  const places = strays.map(([key]) => ({ at: reading.raw.placeOfKey([...path, key]), note: `\`${key}\` is a setting` }));
  const [first] = places;
  const keys = strays.map(([key]) => key);
  if (first) reading.report('REL_SETTINGS_OUTSIDE_WITH', { keys, where }, first.at, places.slice(1));
  const rest = Object.entries(construct).filter(([key]) => !keys.includes(key));
  return { ...Object.fromEntries(rest), with: { ...Object.fromEntries(strays), ...inside } };
}
