import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { familiesIn } from './families-in.ts';
import { openPlace } from './open-place.ts';
import { pushConfig } from './push-config.ts';

/** Looks whether the metrics fit together, and reads the place they will be put to. */
export async function verifyPush(config: PlannedConfig<typeof pushConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof pushConfig>(config)) return [notSettled];
  try {
    familiesIn(config);
    await openPlace(config, context).read();
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
