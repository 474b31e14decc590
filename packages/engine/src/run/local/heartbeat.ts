import type { Lease } from '../store/run-store.ts';
import type { Clock } from './clock.ts';

/** How often the driver renews its lease: well below the time after which a store counts it as dead. */
const heartbeatEveryMs = 5_000;

interface Heard {
  readonly onBeat: () => void;
  /** Another driver has taken over. */
  readonly onLost: () => void;
  readonly onBroken: (error: unknown) => void;
}

/** Renews a lease again and again; returns a function that stops it. */
export function keepLease(lease: Lease, clock: Clock, { onBeat, onLost, onBroken }: Heard): () => void {
  let callOff = (): void => {};
  const beat = async (): Promise<void> => {
    onBeat();
    if (await lease.beat()) wait();
    else onLost();
  };
  const wait = (): void => {
    callOff = clock.after(heartbeatEveryMs, () => void beat().catch(onBroken), 'idle');
  };
  wait();
  return () => callOff();
}
