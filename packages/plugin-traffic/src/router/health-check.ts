import { get } from 'node:http';
import { connect } from 'node:net';
import type { Origin } from './data-path/origin.ts';

/** How sides are looked at from time to time. */
export interface HealthCheck {
  /** Asked with GET; 2xx and 3xx are good. Without it, a TCP connection that opens is good. */
  readonly path?: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Good looks in a row until an unhealthy side is healthy. */
  readonly rise: number;
  /** Bad looks in a row until a healthy side is unhealthy. */
  readonly fall: number;
}

export interface SideHealth {
  readonly state: 'unknown' | 'healthy' | 'unhealthy';
  /** Looks in a row that spoke against the state. */
  readonly streak: number;
  /** Why the last bad look was bad. */
  readonly because?: string;
}

export const defaultHealthCheck: HealthCheck = { everyMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 };

/** The health after one more look; the first look decides at once. @param because undefined when the look was good */
export function judgeHealth(health: SideHealth, because: string | undefined, { rise, fall }: HealthCheck): SideHealth {
  const seen = because === undefined ? 'healthy' : 'unhealthy';
  const reason = because === undefined ? {} : { because };
  if (seen === health.state) return { state: seen, streak: 0, ...reason };
  const streak = health.streak + 1;
  const isEnough = health.state === 'unknown' || streak >= (seen === 'healthy' ? rise : fall);
  return isEnough ? { state: seen, streak: 0, ...reason } : { ...health, ...reason, streak };
}

/** Looks once. @returns why the side is not well, or undefined */
export function lookAtSide(origin: Origin, check: HealthCheck): Promise<string | undefined> {
  return check.path === undefined ? openConnection(origin, check.timeoutMs) : askPath(origin, check.path, check.timeoutMs);
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

function askPath({ host, port }: Origin, path: string, timeoutMs: number): Promise<string | undefined> {
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
