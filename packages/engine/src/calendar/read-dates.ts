/** Both ends are part of it; ISO 8601, so that they can be compared as text. */
export interface Dates {
  readonly from: string;
  readonly to: string;
}

const written = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?$/;

/** `2026-12-24`, `2026-12-21..2027-01-04`; undefined for anything else, a date that does not exist, and an end before the start. */
export function readDates(text: string): Dates | undefined {
  const [, from, to = from] = written.exec(text) ?? [];
  return from !== undefined && to !== undefined && exists(from) && exists(to) && from <= to ? { from, to } : undefined;
}

/** `2026-02-30` is read as a day of March, or not at all. */
function exists(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}
