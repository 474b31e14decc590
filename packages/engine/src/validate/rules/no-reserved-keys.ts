import { reservedKeysIn } from '../../expressions/reserved-keys.ts';
import type { Rule } from '../validation-context.ts';

/** A mapping of the file is data: what is an expression or a secret is written as `${{ … }}`. */
export const noReservedKeys: Rule = (_, context) => {
  for (const path of reservedKeysIn(context.raw.root)) {
    context.report('REL_KEY_RESERVED', { key: String(path.at(-1)) }, context.raw.placeOfKey(path));
  }
};
