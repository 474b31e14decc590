import { StepError, type RollbackContext } from 'relpipe/plugin';
import { openPlace } from './open-place.ts';
import type { Change, PushConfig, Pushed } from './push-config.ts';

/**
 * Puts back what was there, or removes what was new. What somebody else has put there since is left alone.
 * @throws {StepError} `PROMETHEUS_METRICS_MOVED`
 */
export async function rollbackPush(config: PushConfig, context: RollbackContext<Change, Pushed>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was touched.
  const place = openPlace(config, context);
  const now = (await place.read()) ?? null;
  if (now === saved.former) return;
  if (now !== saved.pushed) throw moved(place.name);
  await (saved.former === null ? place.remove() : place.write(saved.former));
  context.log(saved.former === null ? `${place.name} is removed` : `${place.name} is as before`);
}

const moved = (place: string) =>
  new StepError('PROMETHEUS_METRICS_MOVED', `${place} holds other metrics now than this run has put there.`, {
    hint: 'Find out who else writes there. What this run found is in the saved state of the step.',
  });
