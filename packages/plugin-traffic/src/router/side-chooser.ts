import { unitsPerPercent } from './weights.ts';

/** Says which of several sides takes the next request: an index into the weights it was made with. */
export type SideChooser = () => number;

/**
 * Smooth weighted round robin: each turn every side gains its weight, the richest is chosen and pays the sum.
 * With two sides the first n choices are within one request of n times the share, for every n; a side of
 * weight 0 never gains, so it is never chosen. Source: nginx 1.3.1, "Upstream: smooth weighted round-robin
 * balancing" (src/http/ngx_http_upstream_round_robin.c).
 * @param weights percent per side, not all 0
 */
export function createSideChooser(weights: readonly number[]): SideChooser {
  const gains = weights.map((weight) => Math.round(weight * unitsPerPercent));
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  const credits = gains.map(() => 0);
  return () => {
    let richest = -1;
    let most = -Infinity;
    for (let i = 0; i < gains.length; i += 1) {
      const gain = gains[i] ?? 0;
      if (gain === 0) continue;
      const credit = (credits[i] ?? 0) + gain;
      credits[i] = credit;
      if (credit > most) [richest, most] = [i, credit];
    }
    credits[richest] = most - total;
    return richest;
  };
}
