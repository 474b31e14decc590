import type { ReadContext, Static } from 'relpipe/plugin';
import { indexSoftware } from '../../settings/index-software.ts';
import { askForYank, pageOf } from '../ask-for-yank.ts';
import { isWithdrawn, releaseOnIndex } from '../release-on-index.ts';
import type { howToWithdrawConfig, howToWithdrawOutputs } from './how-to-withdraw-config.ts';

/** It changes nothing. */
export async function runHowToWithdraw(config: Static<typeof howToWithdrawConfig>, context: ReadContext): Promise<Static<typeof howToWithdrawOutputs>> {
  const release = await releaseOnIndex(config, context);
  if (isWithdrawn(release)) {
    context.log(`${release.project} ${release.version} is withdrawn already`);
    return { 'by-api': false, 'by-person': false, ask: '', page: '' };
  }
  const software = await indexSoftware(release.index, context);
  const byApi = software.kind === 'devpi' || software.kind === 'pypiserver';
  const ask = byApi ? '' : askForYank(release, software, config.reason);
  return { 'by-api': byApi, 'by-person': !byApi, ask, page: byApi ? '' : pageOf(release, software) };
}
