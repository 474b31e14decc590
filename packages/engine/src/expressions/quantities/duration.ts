import { type ParsedQuantity, readNumber } from './decimal.ts';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const decimal = String.raw`(\d+(?:\.\d+)?)`;
const written = new RegExp(String.raw`^(-?)(?:${decimal}d)?(?:${decimal}h)?(?:${decimal}m)?(?:${decimal}s)?(?:${decimal}ms)?$`);

/** `7d`, `24h`, `1h30m`, `1.5h`, `300ms`: days of 24 hours, hours, minutes, seconds, milliseconds in this order, to the millisecond. */
export function parseDuration(text: string): ParsedQuantity {
  const found = written.exec(text);
  const parts: readonly (string | undefined)[] = found?.slice(2) ?? [];
  if (!found || parts.every((part) => part === undefined)) return { ok: false, likely: likelyDurations(text) };
  const sum = units.reduce((total, [, ms], i) => total + Number(parts[i] ?? 0) * ms, 0);
  return { ok: true, value: (found[1] ? -1 : 1) * Math.round(sum) };
}

/** In whole milliseconds, the largest units first, but no days, so that 24 hours are written in one way: `168h`, `1h30m`, `1s500ms`, `0s`. */
export function printDuration(value: number): string {
  let rest = Math.round(Math.abs(value));
  if (rest === 0) return '0s';
  const parts = units.slice(1).map(([unit, ms]) => {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    return count > 0 ? `${count}${unit}` : '';
  });
  return (value < 0 ? '-' : '') + parts.join('');
}

function likelyDurations(text: string): readonly string[] {
  const bare = readNumber(text);
  if (bare !== undefined) return [`${text}s`, `${text}m`, `${text}h`];
  const days = /^(\d+)\s*(d|days?|w|weeks?)$/i.exec(text);
  if (days) return [`${Number(days[1]) * (days[2]?.toLowerCase().startsWith('w') ? 7 : 1)}d`];
  const words = /^(\d+(?:\.\d+)?)\s*(h|hours?|hrs?|m|min|mins|minutes?|s|secs?|seconds?|ms|millis|milliseconds?)$/i.exec(text);
  return words ? [`${words[1]}${shortUnit((words[2] ?? '').toLowerCase())}`] : [];
}

const shortUnit = (word: string): string =>
  word.startsWith('h') ? 'h' : word === 'ms' || word.startsWith('milli') ? 'ms' : word.startsWith('m') ? 'm' : 's';
