import type { Path } from '../../../load/raw-pipeline.ts';
import { closestNames } from '../../../util/closest-names.ts';
import type { Reading } from '../../reading.ts';

/** A type that no loaded plugin gives: misspelt, or of a plugin that is not named. One that could not be loaded is reported itself. */
export function reportUnknownType(what: string, uses: string, types: readonly string[], path: Path, reading: Reading): void {
  if (uses.includes('${{')) {
    reading.report('REL_LITERAL_REQUIRED', { key: 'uses', kind: what }, path);
    return;
  }
  const known = types.filter((type) => !type.startsWith('relpipe.'));
  const prefix = prefixOf(uses);
  const isPluginKnown = known.some((type) => prefixOf(type) === prefix);
  const [inPlugin] = known.filter((type) => type.split('.')[1] === uses);
  if (inPlugin !== undefined) reading.report('REL_NAME_UNKNOWN', { what, name: uses, close: [inPlugin], known }, path);
  else if (isPluginKnown || closestNames(uses, known).length > 0) reading.reportUnknown(what, uses, known, path);
  else if (reading.registry.incomplete !== true) reading.report('REL_PLUGIN_NOT_DECLARED', { what, uses, prefix }, path);
}

const prefixOf = (type: string): string => type.split('.')[0] ?? type;
