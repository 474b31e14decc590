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

type Counts = Readonly<Record<string, number>>;

function subtractEach(present: Counts, former: Counts): Counts {
  const differences = Object.entries(present).map(([key, count]) => [key, count - (former[key] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
}
