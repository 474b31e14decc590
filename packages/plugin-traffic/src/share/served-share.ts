/** Requests that one side got, of all that there were. */
export interface ServedShare {
  readonly requests: number;
  readonly of: number;
}

/**
 * Whether the share that was served may come from the share that was asked for, with 99.9 % confidence: the asked share p
 * lies in the score interval around k/n, that is |k - np| <= z * sqrt(np(1-p)). With p at 0 or 1 not one request may stray.
 * Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212.
 * @param asked percent
 */
export function isShareAsAsked({ requests, of }: ServedShare, asked: number): boolean {
  const p = asked / 100;
  return Math.abs(requests - of * p) <= confidenceZ * Math.sqrt(of * p * (1 - p)) + rounding;
}

/**
 * Requests after which the test above finds out with 99 % probability when a router still serves the former share q instead
 * of the asked p: n = ((z_a * sqrt(p(1-p)) + z_b * sqrt(q(1-q))) / (p-q))^2, and never fewer than 30.
 * Source: Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", 3rd edition (2003), section 2.5.
 * @param asked percent
 * @param former percent; where nothing was to change, the share is told from none at all
 */
export function requestsToTell(asked: number, former: number): number {
  const p = asked / 100;
  const q = former === asked ? 0 : former / 100;
  if (p === q) return fewestRequests;
  const spread = confidenceZ * Math.sqrt(p * (1 - p)) + powerZ * Math.sqrt(q * (1 - q));
  return Math.max(fewestRequests, Math.ceil((spread / (p - q)) ** 2));
}

/** Two-sided 99.9 % and one-sided 99 % points of the normal distribution. */
const confidenceZ = 3.2905;
const powerZ = 2.3263;
const fewestRequests = 30;
/** Products of decimals miss a whole number by less than this. */
const rounding = 1e-6;
