/** Milliseconds since the epoch of a point in time as RFC 3339 writes it, e.g. `2026-12-01T09:00:00Z`; undefined for any other text. */
export function parseTime(text: string): number | undefined {
  const found = written.exec(text);
  if (!found) return undefined;
  const [, day = '', hours = '', minutes = '', seconds = '', offsetHours = '0', offsetMinutes = '0'] = found;
  const isClockTime = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60 && Number(offsetHours) < 24 && Number(offsetMinutes) < 60;
  const ms = Date.parse(text.toUpperCase());
  // JavaScript reads 30 February as 2 March.
  return isClockTime && Number.isFinite(ms) && printTime(Date.parse(`${day}T00:00:00Z`)).startsWith(day) ? ms : undefined;
}

const written = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/i;

/** The canonical form: in UTC, without milliseconds where there are none. */
export const printTime = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
