import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { fetchExposition } from './targets/fetch-exposition.ts';
import { selectorsOf, type Question } from './question.ts';
import { readQuestion } from './read-question.ts';
import { requireCounters } from './targets/require-counters.ts';
import { scrapeConfig, type ScrapeConfig } from './scrape-config.ts';
import { targetsOf } from './targets/scrape-targets.ts';
import { sight } from './targets/sighting.ts';

/** Reads every target once. A target that does not answer is a warning: it may be what the release is about to start. */
export async function verifyScrape(
  config: PlannedConfig<typeof scrapeConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof scrapeConfig>(config)) return [notSettled];
  try {
    const question = readQuestion(config);
    const findings = targetsOf(config).map((target) => verifyTarget(target, config, question, context));
    return (await Promise.all(findings)).flat();
  } catch (error) {
    return [findingFrom(error)];
  }
}

async function verifyTarget(
  target: string,
  config: ScrapeConfig,
  question: Question,
  context: ReadContext,
): Promise<readonly Finding[]> {
  try {
    const exposition = await fetchExposition(target, config, context);
    requireCounters(question, exposition);
    return selectorsOf(question).flatMap((selector) => blindFinding(target, sight(selector, exposition).blind));
  } catch (error) {
    return [findingFrom(error)];
  }
}

const blindFinding = (target: string, blind: string | undefined): readonly Finding[] =>
  blind === undefined
    ? []
    : [
        {
          level: 'warning',
          code: 'PROMETHEUS_NOTHING_TO_SEE',
          message: `${target} ${blind}.`,
          hint: 'Check the spelling; until it is there, the metric has no data.',
        },
      ];
