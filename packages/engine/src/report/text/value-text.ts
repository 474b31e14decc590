import type { Json, Unit } from '../../contract/index.ts';

/** A measured value with its unit, as people write it: `1.25 %`, `180 ms`, `12 /s`. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ratio':
      return `${short(value * 100)} %`;
    case 'percent':
      return `${short(value)} %`;
    case 'seconds':
      return Math.abs(value) < 1 && value !== 0 ? `${short(value * 1000)} ms` : `${short(value)} s`;
    case 'milliseconds':
      return `${short(value)} ms`;
    case 'bytes':
      return bytesText(value);
    case 'per-second':
      return `${short(value)} /s`;
    case 'yes-no':
      return value === 1 ? 'yes' : value === 0 ? 'no' : short(value);
    case 'count':
    case 'none':
      return short(value);
  }
}

/** JSON on one line, cut at `length` characters. */
export function jsonText(value: Json, length = 200): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Three significant digits, but never fewer than all digits before the point. */
const short = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
};

const bytesText = (value: number): string => {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value === 0 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(Math.abs(value)) / 10));
  return `${short(value / 1024 ** Math.max(0, power))} ${names[Math.max(0, power)] ?? 'B'}`;
};
