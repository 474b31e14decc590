import { StepError, type MeasureContext } from 'relpipe/plugin';
import { printSelector } from '../../selector/print-selector.ts';
import { fetchExposition } from './fetch-exposition.ts';
import { selectorsOf, type Question } from '../question.ts';
import { requireCounters } from './require-counters.ts';
import type { ScrapeConfig } from '../scrape-config.ts';
import { sight } from './sighting.ts';
import type { Scrape, TargetWindow } from './target-window.ts';
import { targetUrl } from './target-url.ts';

/**
 * Reads every target now and gives what is known of it since `from`. What was read is kept even when another target
 * fails, because it was seen; but then there is no answer, since a part of the targets is not all of them.
 */
export async function scrapeTargets(
  config: ScrapeConfig,
  question: Question,
  windowMs: { from: number; length: number },
  context: MeasureContext,
): Promise<readonly TargetWindow[]> {
  const reads = targetsOf(config).map(async (target) => {
    const scrape = await scrapeOnce(target, config, question, context);
    const from = Math.max(windowMs.from, scrape.at - windowMs.length);
    const key = `${target} ${asked(question)}`;
    return { target, scrapes: remember(key, scrape, { from, earliest: windowMs.from }, context.memory) };
  });
  const settled = await Promise.allSettled(reads);
  const failed = settled.find((read) => read.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []));
}

/** @throws {StepError} `PROMETHEUS_TARGETS_UNCLEAR` */
export function targetsOf({ target, targets = [] }: ScrapeConfig): readonly string[] {
  const all = [...new Set([...(target === undefined ? [] : [target]), ...targets].map(targetUrl))];
  if (all.length > 0 && (target === undefined || targets.length === 0)) return all;
  throw new StepError('PROMETHEUS_TARGETS_UNCLEAR', 'It has to be either target or targets.', {
    hint: 'Write `target: http://127.0.0.1:8080/metrics`.',
  });
}

async function scrapeOnce(
  target: string,
  config: ScrapeConfig,
  question: Question,
  context: MeasureContext,
): Promise<Scrape> {
  // The time before the request: what the target counted is never older than that.
  const at = context.clock.now();
  const exposition = await fetchExposition(target, config, context);
  requireCounters(question, exposition);
  const sightings = selectorsOf(question).map((selector) => sight(selector, exposition));
  return { at, sightings, ...(exposition.samples.length === 0 && { isBlank: true }) };
}

const asked = (question: Question): string => selectorsOf(question).map(printSelector).join(' ');

interface Reach {
  /** Begin of the window. */
  readonly from: number;
  /** Nothing from before it counts: the last weight change. */
  readonly earliest: number;
}

/**
 * Growth needs two looks. A window as long as the gate's interval holds the look before only when that was not a moment late, so the last
 * look always counts, unless it was before the weight change.
 */
function remember(key: string, scrape: Scrape, { from, earliest }: Reach, memory: Map<string, unknown>): readonly Scrape[] {
  const former = (memory.get(key) ?? []) as readonly Scrape[];
  const inside = former.filter(({ at }) => at >= from);
  const before = inside.length > 0 ? inside : former.slice(-1).filter(({ at }) => at >= earliest);
  const scrapes = [...before, scrape];
  memory.set(key, scrapes);
  return scrapes;
}
