import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Plan } from './plan.ts';

/** SHA-256 over everything in a plan but where it came from: two plans with one fingerprint do the same. */
export function fingerprintOf(plan: Omit<Plan, 'fingerprint' | 'source'>): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
