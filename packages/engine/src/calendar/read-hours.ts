/** Minutes since midnight, 0 to 1440. An end that is not after the start is on the next day. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

const written = /^(\d{2}):(\d{2})\.\.(\d{2}):(\d{2})$/;
const dayMinutes = 24 * 60;

/** `09:00..12:00`, `22:00..02:00`, `00:00..24:00`; undefined for anything else, and for hours without length. */
export function readHours(text: string): Hours | undefined {
  const [, ...parts] = written.exec(text) ?? [];
  const [fromHour = 99, fromMinute = 99, toHour = 99, toMinute = 99] = parts.map(Number);
  if (fromMinute > 59 || toMinute > 59) return undefined;
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  return from < dayMinutes && to <= dayMinutes && from !== to ? { from, to } : undefined;
}

const loose = /^(\d{1,2})(?::(\d{2}))?\s*(?:\.\.|-|–|to)\s*(\d{1,2})(?::(\d{2}))?$/;

/** What somebody most likely meant: `09:00..12:00` for `9-12`. */
export function likelyHours(text: string): readonly string[] {
  const [, fromHour, fromMinute = '00', toHour, toMinute = '00'] = loose.exec(text.trim()) ?? [];
  if (fromHour === undefined || toHour === undefined) return [];
  const meant = `${fromHour.padStart(2, '0')}:${fromMinute}..${toHour.padStart(2, '0')}:${toMinute}`;
  return meant !== text && readHours(meant) ? [meant] : [];
}
