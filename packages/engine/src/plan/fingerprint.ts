import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';

/** SHA-256 over everything in a plan except its source: two plans with the same fingerprint do the same. */
export function fingerprintOf(plan: Omit<Plan, 'fingerprint' | 'source'>): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}

/** The one string for a JSON value: keys sorted, no spaces, undefined fields left out. A plan is long, so that nothing of it is copied. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined);
  return `{${names.sort().map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`).join()}}`;
}
