/** When stages and steps may start, as it is written: days and hours of the wall clocks in a time zone. Part of recorded plans. */
export interface Window {
  /** `tue`, `mon..thu`, `first tue`, `last fri`; missing: every day. */
  readonly days?: readonly string[];
  /** `09:00..12:00`, or `22:00..02:00` over midnight; missing: the whole day. */
  readonly hours?: string;
  /** An IANA name. */
  readonly zone: string;
  /** `2026-12-24`, `2026-12-21..2027-01-04`: days on which it does not open. */
  readonly except?: readonly string[];
}

/** `tue, thu 09:00..12:00 Europe/Berlin, except 2026-12-24` */
export const printWindow = ({ days = ['every day'], hours, zone, except = [] }: Window): string =>
  [days.join(', '), ...(hours === undefined ? [] : [hours]), zone].join(' ') + (except.length > 0 ? `, except ${except.join(', ')}` : '');
