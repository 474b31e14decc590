import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
  type AutomaticRollbackContext,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { printExposition } from '../exposition/print-exposition.ts';
import { verifyKnown } from '../verify-known.ts';
import { openDestination } from './destination.ts';
import { familiesIn } from './families.ts';
import type { PushConfig, PushOutputs, PushSchema, PushState } from './push.ts';

/** Checks that the metrics are consistent, and reads the destination. */
export const verify = (planned: PlannedConfig<PushSchema>, context: ReadContext): Promise<readonly Finding[]> =>
  verifyKnown<PushSchema>(planned, async (config) => {
    familiesIn(config);
    await openDestination(config, context).read();
    return [];
  });

/** Names the metrics, the destination, and whether a rollback restores or removes it. */
export async function preview(config: PlannedConfig<PushSchema>, context: ReadContext): Promise<Preview> {
  if (!isFullyKnown<PushSchema>(config)) {
    const rollback = 'restores the previous metrics, or removes the new ones';
    return { change: 'push metrics', rollback, unknownUntilRun: unknownUntilRun(config) };
  }
  const destination = openDestination(config, context);
  const names = [...new Set(config.metrics.map(({ name }) => name))].join(', ');
  const hasMetrics = (await destination.read()) !== undefined;
  return { change: `write ${names} to ${destination.name}`, rollback: hasMetrics ? 'restores the previous metrics' : 'removes it' };
}

/** Replaces the metrics of the destination, and saves the previous ones first. */
export async function run(config: PushConfig, context: RunContext<PushState>): Promise<PushOutputs> {
  const destination = openDestination(config, context);
  const pushed = printExposition(familiesIn(config));
  // A second attempt must not take the metrics of the first for the previous ones.
  const current = (await destination.read()) ?? null;
  if (context.saved && isOfOthers(current, context.saved)) throw changedByOthers(destination.name);
  const previous = context.saved ? context.saved.previous : current;
  await context.saveState({ pushed, previous });
  await destination.write(pushed);
  context.log(`wrote ${config.metrics.length} values to ${destination.name}`);
  return { place: destination.name, replaced: previous !== null };
}

/**
 * Restores the previous metrics, or removes new ones. Metrics that somebody else wrote since are kept, unless a person has decided
 * otherwise.
 * @throws {StepError} `PROMETHEUS_METRICS_CHANGED`
 */
export async function rollback(config: PushConfig, context: AutomaticRollbackContext<PushState, PushOutputs>): Promise<void> {
  const { saved, overwrite } = context;
  if (!saved) return; // Nothing was written.
  const destination = openDestination(config, context);
  const current = (await destination.read()) ?? null;
  if (current === saved.previous) return;
  if (isOfOthers(current, saved) && !overwrite) throw changedByOthers(destination.name);
  await (saved.previous === null ? destination.remove() : destination.write(saved.previous));
  context.log(saved.previous === null ? `removed ${destination.name}` : `restored ${destination.name}`);
}

const isOfOthers = (current: string | null, { pushed, previous }: PushState): boolean => current !== pushed && current !== previous;

const changedByOthers = (name: string) =>
  new StepError('PROMETHEUS_METRICS_CHANGED', `Somebody else changed ${name} during this run.`, {
    hint: 'Find out who else writes there. The metrics that this run found there are in the saved state of the step.',
    changedByOthers: true,
  });
