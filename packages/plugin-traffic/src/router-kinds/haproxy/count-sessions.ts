/**
 * Requests that each server was given since HAProxy was started or reloaded: `stot` counts those that stick to a server too.
 * Source: HAProxy management guide, section 9.1 "CSV format".
 */
export function countSessions(csv: string): Readonly<Record<string, number>> {
  const [header = '', ...lines] = csv.split('\n');
  const columns = header.replace('# ', '').split(',');
  const [name, total] = [columns.indexOf('svname'), columns.indexOf('stot')];
  const rows = lines.map((line) => line.split(',')).filter((row) => row.length > 1);
  return Object.fromEntries(rows.map((row) => [row[name] ?? '', Number(row[total])]));
}
