import type { ReadContext, ReportedEvent } from 'relpipe/plugin';
import { printRelease } from './print-release.ts';
import type { ReleaseMetricsConfig } from './release-metrics-config.ts';
import { openShelf } from './release-shelf.ts';
import { summariseRelease } from './summarise-release.ts';

const usualKeep = 20;

/** Puts the run where it belongs, in place of what it was before, and removes runs of the same pipeline that are too old. */
export async function reportRelease(config: ReleaseMetricsConfig, events: readonly ReportedEvent[], context: ReadContext): Promise<void> {
  const release = summariseRelease(events);
  if (!release) return; // It has not begun.
  const shelf = openShelf(config, release.pipeline, context);
  await shelf.put(release.run, await printRelease(release));
  // Ids begin with the time at which the run began.
  const others = (await shelf.runs()).filter((run) => run !== release.run).toSorted().toReversed();
  for (const run of others.slice((config.keep ?? usualKeep) - 1)) await shelf.remove(run);
}
