import type { QuantityKind } from '../../contract/index.ts';
import { parseDuration, printDuration } from './duration.ts';
import type { ParsedQuantity } from './parsed-quantity.ts';
import { parsePercent, printPercent } from './percent.ts';
import { parseSize, printSize } from './size.ts';

export const quantityKinds = ['percent', 'duration', 'size'] as const satisfies readonly QuantityKind[];

const parsers = { percent: parsePercent, duration: parseDuration, size: parseSize };
const printers = { percent: printPercent, duration: printDuration, size: printSize };

/** Reads `10%`, `1h30m`, `512MiB`. A number without its unit is refused, and `likely` names what it could have been. */
export const parseQuantity = (kind: QuantityKind, text: string): ParsedQuantity => parsers[kind](text.trim());

/** The one way in which a quantity is written: `10%`, `1h30m`, `512MiB`. */
export const printQuantity = (kind: QuantityKind, value: number): string => printers[kind](value);
