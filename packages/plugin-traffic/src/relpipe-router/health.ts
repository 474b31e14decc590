import { get } from 'node:http';
import { connect } from 'node:net';
import type { Origin } from './data-path/upstream.ts';

/** How sides are checked periodically. */
export interface HealthCheck {
  /** Requested with GET; 2xx and 3xx are good. Without it, a TCP connection that opens is good. */
  readonly path?: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Consecutive good checks until an unhealthy side is healthy. */
  readonly rise: number;
  /** Consecutive bad checks until a healthy side is unhealthy. */
  readonly fall: number;
}

export interface SideHealth {
  readonly state: 'unknown' | 'healthy' | 'unhealthy';
  /** Consecutive checks that contradicted the state. */
  readonly streak: number;
  /** Why the last bad check was bad. */
  readonly because?: string;
}

export const defaultHealthCheck: HealthCheck = { everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 };

interface CheckedSide {
  readonly origin: Origin;
  health: SideHealth;
}

/**
 * Checks the side now and every `everyMs`, one check at a time.
 * @param onChange is called when its state changes
 * @returns a function that stops it
 */
export function watchHealth<S extends CheckedSide>(side: S, check: HealthCheck, onChange: (side: S) => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const checkAgain = async () => {
    const because = await checkSide(side.origin, check);
    if (isStopped) return;
    const previous = side.health.state;
    side.health = judgeHealth(side.health, because, check);
    if (side.health.state !== previous) onChange(side);
    timer = setTimeout(() => void checkAgain(), check.everyMs);
  };
  void checkAgain();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** The health after one more check; the first check decides at once. @param because undefined when the check was good */
function judgeHealth(health: SideHealth, because: string | undefined, { rise, fall }: HealthCheck): SideHealth {
  const seen = because === undefined ? 'healthy' : 'unhealthy';
  const reason = because === undefined ? {} : { because };
  if (seen === health.state) return { state: seen, streak: 0, ...reason };
  const streak = health.streak + 1;
  const isEnough = health.state === 'unknown' || streak >= (seen === 'healthy' ? rise : fall);
  return isEnough ? { state: seen, streak: 0, ...reason } : { ...health, ...reason, streak };
}

/** Checks once. @returns why the side is unhealthy, or undefined */
export function checkSide(origin: Origin, check: Pick<HealthCheck, 'path' | 'timeoutMs'>): Promise<string | undefined> {
  return check.path === undefined ? openConnection(origin, check.timeoutMs) : requestPath(origin, check.path, check.timeoutMs);
}

function openConnection({ host, port }: Origin, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: AbortSignal.timeout(timeoutMs) });
    socket.once('connect', () => {
      resolve(undefined);
      socket.destroy();
    });
    socket.once('error', (error) => resolve(explain(error, timeoutMs)));
  });
}

function requestPath({ host, port }: Origin, path: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      resolve(statusCode >= 200 && statusCode < 400 ? undefined : `GET ${path} answered ${statusCode}`);
    });
    request.on('error', (error) => resolve(explain(error, timeoutMs)));
  });
}

const explain = (error: Error, timeoutMs: number) =>
  error.name === 'AbortError' ? `no answer within ${timeoutMs} ms` : error.message;
