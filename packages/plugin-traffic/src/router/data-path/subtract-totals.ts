import type { SideTotals } from './side-counts.ts';

/** What came to `former` to make it `present`. */
export function subtractTotals(present: SideTotals, former: SideTotals): SideTotals {
  return {
    assigned: present.assigned - former.assigned,
    requests: present.requests - former.requests,
    clientAborts: present.clientAborts - former.clientAborts,
    retries: present.retries - former.retries,
    byCode: subtractEach(present.byCode, former.byCode),
    upstreamErrors: subtractEach(present.upstreamErrors, former.upstreamErrors),
  };
}

const subtractEach = (present: Readonly<Record<string, number>>, former: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(present).map(([key, count]): [string, number] => [key, count - (former[key] ?? 0)]).filter(([, count]) => count !== 0));
