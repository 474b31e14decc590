import { unitsPerPercent } from '../parse-weights.ts';

/** Chooses the side for the next request: an index into the weights with which it was created. */
export type SideChooser = () => number;

/**
 * Smooth weighted round robin: in each round every side gains its weight, and the side with the most credit is chosen and pays the sum.
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
    let chosen = -1;
    let highest = -Infinity;
    for (let i = 0; i < gains.length; i += 1) {
      const gain = gains[i] ?? 0;
      if (gain === 0) continue;
      const credit = (credits[i] ?? 0) + gain;
      credits[i] = credit;
      if (credit > highest) [chosen, highest] = [i, credit];
    }
    credits[chosen] = highest - total;
    return chosen;
  };
}
