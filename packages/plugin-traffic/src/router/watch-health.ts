import type { Side } from './data-path/side.ts';
import { judgeHealth, lookAtSide, type HealthCheck, type SideHealth } from './health-check.ts';

/** Looks at the side now and every `everyMs`, one look at a time, and tells when its state changes. @returns how to stop */
export function watchHealth(side: Side, check: HealthCheck, onChange: (side: Side, health: SideHealth) => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const because = await lookAtSide(side.origin, check);
    if (isStopped) return;
    const former = side.health.state;
    side.health = judgeHealth(side.health, because, check);
    if (side.health.state !== former) onChange(side, side.health);
    timer = setTimeout(() => void look(), check.everyMs);
  };
  void look();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
