import type { Ms } from '../../model/ms.ts';

/** A length of time for people, two units at most: `40 ms`, `1.2 s`, `12 s`, `3 m 04 s`, `1 h 05 m`, `2 d 3 h`. */
export function durationText(ms: Ms): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${twoDigits(s % 60)} s`;
  const m = Math.round(s / 60);
  if (m < 24 * 60) return `${Math.floor(m / 60)} h ${twoDigits(m % 60)} m`;
  const h = Math.round(m / 60);
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
