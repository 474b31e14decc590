import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { pushedGroups } from '../push/pushgateway-group.ts';
import { releaseMetricsConfig } from './release-metrics-config.ts';
import { openShelf } from './release-shelf.ts';

/** Asks the Pushgateway. That it does not answer is a warning: the run does not depend on it. */
export async function verifyReleaseMetrics(
  config: PlannedConfig<typeof releaseMetricsConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof releaseMetricsConfig>(config)) return [notSettled];
  try {
    openShelf(config, 'any', context);
    if (config.pushgateway !== undefined) await pushedGroups(config.pushgateway, config, context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
