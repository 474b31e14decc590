import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../../not-settled.ts';
import { releaseOnIndex } from '../release-on-index.ts';
import { howToWithdrawConfig } from './how-to-withdraw-config.ts';

/** Whether the names make sense and the index answers. */
export async function verifyHowToWithdraw(config: PlannedConfig<typeof howToWithdrawConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof howToWithdrawConfig>(config)) return [notSettled('What to withdraw')];
  try {
    await releaseOnIndex(config, context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
