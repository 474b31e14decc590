import type { SideUnits } from '../units/percent-from-units.ts';
import { forcedBits, mapServerStates } from './server-states.ts';

/**
 * Saved states in which the servers of a backend have other weights, and nothing else has changed. With `maint`, who gets nothing is in
 * maintenance, and who gets something is taken out of it, as `set server … state` does.
 */
export function withUnits(states: string, backend: string, units: SideUnits, atZero: 'drain' | 'maint'): string {
  return mapServerStates(states, (column) => {
    if (column('be_name') !== backend) return {};
    const unit = units[column('srv_name')] ?? 0;
    const admin = Number(column('srv_admin_state'));
    const weight = { srv_uweight: String(unit) };
    if (atZero !== 'maint') return weight;
    if (unit === 0) return { ...weight, srv_admin_state: String(admin | forcedBits.maintenance), srv_op_state: stopped };
    const isForced = (admin & (forcedBits.maintenance | forcedBits.drain)) !== 0;
    return isForced ? { ...weight, srv_admin_state: String(admin & ~(forcedBits.maintenance | forcedBits.drain)), srv_op_state: running } : weight;
  });
}

/** `srv_op_state`; HAProxy management guide, "show servers state". */
const stopped = '0';
const running = '2';
