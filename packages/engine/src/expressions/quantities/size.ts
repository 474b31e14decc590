import { type ParsedQuantity, printNumber, readNumber } from './decimal.ts';

/** Powers of 1000 and of 1024 (IEC 80000-13), largest first. */
const units = [
  ['TiB', 1024 ** 4],
  ['TB', 1000 ** 4],
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['kB', 1000],
  ['B', 1],
] as const;

/** `512MiB`, `1.5GiB`, `10kB`, `0B`: a number and one unit, in whole bytes. */
export function parseSize(text: string): ParsedQuantity {
  const found = /^(-?\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text);
  const unit = units.find(([name]) => name === found?.[2]);
  if (!found || !unit) return { ok: false, likely: likelySizes(text) };
  return { ok: true, value: Math.round(Number(found[1]) * unit[1]) };
}

/** In the largest unit of which it is a whole number: `512MiB`, `1536MiB`, `10kB`. */
export function printSize(value: number): string {
  const bytes = Math.round(value);
  const [name, factor] = units.find(([, size]) => bytes !== 0 && bytes % size === 0) ?? ['B', 1];
  return `${printNumber(bytes / factor)}${name}`;
}

function likelySizes(text: string): readonly string[] {
  if (readNumber(text) !== undefined) return [`${text}B`, `${text}MiB`, `${text}GiB`];
  const found = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text);
  if (!found) return [];
  const prefix = (found[2] ?? '').toUpperCase();
  if (prefix === '') return [`${found[1]}B`];
  const decimal = `${found[1]}${prefix === 'K' ? 'k' : prefix}B`;
  return found[3] ? [`${found[1]}${prefix}iB`] : [`${found[1]}${prefix}iB`, decimal];
}
