import { StepError, type MeasureContext } from 'relpipe/plugin';
import { httpUrl } from '../http/request.ts';
import { printSelector } from '../selector/selector.ts';
import { selectorsOf, type Expression } from './expression.ts';
import { fetchExposition } from './fetch-exposition.ts';
import type { ScrapeConfig } from './scrape.ts';
import { matchSelector, type SelectorMatch } from './selector-match.ts';
import { requireUsable } from './usable-series.ts';

/** The scrapes of one target in the window, oldest first; the last one is the current one. */
export interface TargetWindow {
  readonly target: string;
  readonly scrapes: readonly Scrape[];
}

/** One scrape of one target, reduced to what the selectors of the expression match, in their order. */
interface Scrape {
  /** When the request was sent, in milliseconds since the epoch. */
  readonly at: number;
  readonly matches: readonly SelectorMatch[];
  /** The target returned no samples at all: a gap, and not the end of every counter. */
  readonly isEmpty?: true;
}

/**
 * Scrapes every target now and returns all that is known of it since `from`. A scrape is remembered even when another
 * target fails; but then there is no result, since a part of the targets is not all of them.
 */
export async function scrapeTargets(
  config: ScrapeConfig,
  expression: Expression,
  windowMs: { from: number; length: number },
  context: MeasureContext,
): Promise<readonly TargetWindow[]> {
  const scrapes = targetsOf(config).map(async (target) => {
    const scrape = await scrapeOnce(target, config, expression, context);
    const from = Math.max(windowMs.from, scrape.at - windowMs.length);
    const key = `${target} ${selectorsOf(expression).map(printSelector).join(' ')}`;
    return { target, scrapes: remember(key, scrape, { from, earliest: windowMs.from }, context.memory) };
  });
  const ended = await Promise.allSettled(scrapes);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** @throws {StepError} `PROMETHEUS_TARGETS_AMBIGUOUS`, `PROMETHEUS_URL_INVALID` */
export function targetsOf({ target, targets = [] }: ScrapeConfig): readonly string[] {
  const all = [...new Set([...(target === undefined ? [] : [target]), ...targets].map(targetUrl))];
  if (all.length > 0 && (target === undefined || targets.length === 0)) return all;
  throw new StepError('PROMETHEUS_TARGETS_AMBIGUOUS', 'Set either `target` or `targets`.', {
    hint: 'For example: `target: http://127.0.0.1:8080/metrics`.',
  });
}

/** `/metrics` where only a host is named, as Prometheus does. */
function targetUrl(target: string): string {
  const url = httpUrl(target);
  if (url.pathname === '/' && url.search === '') url.pathname = '/metrics';
  return url.href;
}

async function scrapeOnce(
  target: string,
  config: ScrapeConfig,
  expression: Expression,
  context: MeasureContext,
): Promise<Scrape> {
  // The time before the request: what the target counted is never older than that.
  const at = context.clock.now();
  const exposition = await fetchExposition(target, config, context);
  requireUsable(expression, exposition);
  const matches = selectorsOf(expression).map((selector) => matchSelector(selector, exposition));
  return { at, matches, ...(exposition.samples.length === 0 && { isEmpty: true }) };
}

interface Reach {
  /** Start of the window. */
  readonly from: number;
  /** The last weight change: nothing from before it counts. */
  readonly earliest: number;
}

/**
 * An increase needs two scrapes. A window as long as the gate's interval contains the previous scrape only when the sample was not a moment
 * late, so the previous scrape always counts, unless it was before the weight change.
 */
function remember(key: string, scrape: Scrape, { from, earliest }: Reach, memory: Map<string, unknown>): readonly Scrape[] {
  const previous = (memory.get(key) ?? []) as readonly Scrape[];
  const inside = previous.filter(({ at }) => at >= from);
  const before = inside.length > 0 ? inside : previous.slice(-1).filter(({ at }) => at >= earliest);
  const scrapes = [...before, scrape];
  memory.set(key, scrapes);
  return scrapes;
}
