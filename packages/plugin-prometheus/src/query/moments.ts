import type { SampleRequest } from 'relpipe/plugin';
import { resolveQuery } from './resolve-query.ts';

/** One time to look at, with the query as it reads then. */
export interface Moment {
  readonly at: number;
  readonly query: string;
  /** The query needs a window and there is none yet: the weight has only just changed. */
  readonly isTooEarly: boolean;
}

/**
 * The window of each time ends there and begins where the look's window does, so that it is shorter for the earlier ones:
 * one length for all of them would reach back before the weight change.
 */
export const momentsOf = (query: string, configuredMs: number | undefined, look: SampleRequest): readonly Moment[] =>
  look.at.map((at) => {
    const lengthMs = Math.min(configuredMs ?? Infinity, at - look.window.from);
    const resolved = resolveQuery(query, lengthMs);
    return { at, query: resolved, isTooEarly: lengthMs < 1 && resolved !== query };
  });
