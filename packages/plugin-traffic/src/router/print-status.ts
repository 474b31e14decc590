import type { RouterStatus, SideStatus } from './control/router-status.ts';

/** What `relpipe-router status` prints: where it listens, then a line per side. */
export function printStatus({ listen, control, pid, startedAt, sides }: RouterStatus): string {
  const rows = Object.entries(sides).map(([name, side]) => [name, `${side.weight} %`, healthOf(side), `${side.inFlight} in flight`, side.url]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
  return [`${listen}  (process ${pid} since ${startedAt}, control ${control})`, ...lines].join('\n');
}

const healthOf = ({ health, healthBecause }: SideStatus) => (healthBecause === undefined ? health : `${health}: ${healthBecause}`);
