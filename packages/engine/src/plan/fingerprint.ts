import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';
import { canonicalJson } from '../util/canonical-json.ts';

/** SHA-256 over everything in a plan except its source: two plans with the same fingerprint do the same. */
export function fingerprintOf(plan: Omit<Plan, 'fingerprint' | 'source'>): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
