import {
  isFullyKnown,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
  type RollbackContext,
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
  const previous = context.saved ? context.saved.previous : ((await destination.read()) ?? null);
  await context.saveState({ pushed, previous });
  await destination.write(pushed);
  context.log(`wrote ${config.metrics.length} values to ${destination.name}`);
  return { place: destination.name, replaced: previous !== null };
}

/**
 * Restores the previous metrics, or removes new ones. Metrics that somebody else wrote since are kept.
 * @throws {StepError} `PROMETHEUS_METRICS_CHANGED`
 */
export async function rollback(config: PushConfig, context: RollbackContext<PushState, PushOutputs>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was written.
  const destination = openDestination(config, context);
  const current = (await destination.read()) ?? null;
  if (current === saved.previous) return;
  if (current !== saved.pushed) throw changedSince(destination.name);
  await (saved.previous === null ? destination.remove() : destination.write(saved.previous));
  context.log(saved.previous === null ? `removed ${destination.name}` : `restored ${destination.name}`);
}

const changedSince = (name: string) =>
  new StepError('PROMETHEUS_METRICS_CHANGED', `Somebody changed ${name} after this run wrote it.`, {
    hint: 'Find out who else writes there. The metrics that this run found there are in the saved state of the step.',
  });
