import type { Unit } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';

/** A value with its unit for people: `7.3 %`, `240 ms`, `12 /s`. `digits` counts significant ones; all of those before the point are shown. */
export function quantityText(value: number, unit: Unit, digits = 3): string {
  const number = (scaled: number): string => rounded(scaled, digits);
  switch (unit) {
    case 'ratio':
      return `${number(value * 100)} %`;
    case 'percent':
      return `${number(value)} %`;
    case 'seconds':
      return Math.abs(value) < 1 && value !== 0 ? `${number(value * 1000)} ms` : `${number(value)} s`;
    case 'milliseconds':
      return `${number(value)} ms`;
    case 'bytes':
      return bytesText(value, number);
    case 'per-second':
      return `${number(value)} /s`;
    case 'yes-no':
      return value === 1 ? 'true' : value === 0 ? 'false' : number(value);
    case 'count':
    case 'none':
      return number(value);
  }
}

/** A value and its limit with as few digits as distinguish them: nobody would trust "5 % is above 5 %". */
export function textsApart(value: number, limit: number, unit: Unit): readonly [string, string] {
  for (let digits = 3; ; digits++) {
    const texts = [quantityText(value, unit, digits), quantityText(limit, unit, digits)] as const;
    if (texts[0] !== texts[1] || value === limit || digits >= 17) return texts;
  }
}

function rounded(value: number, digits: number): string {
  const before = Math.max(1, Math.ceil(Math.log10(Math.abs(value) + 1)));
  return String(Number(value.toPrecision(Math.min(Math.max(digits, before), 21))));
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function bytesText(value: number, number: (scaled: number) => string): string {
  const power = Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10);
  const size = Math.min(power, sizes.length - 1);
  return `${number(value / 1024 ** size)} ${sizes[size] ?? 'B'}`;
}

/** `14:03:20 UTC`: what is recorded reads the same on every machine. */
export const timeText = (at: Ms): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** `2026-11-20 14:03:20 UTC` */
export const dateTimeText = (at: Ms): string => `${new Date(at).toISOString().slice(0, 10)} ${timeText(at)}`;
