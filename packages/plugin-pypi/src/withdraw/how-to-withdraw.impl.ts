import { isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingsOf, notChecked } from '../planned.ts';
import { indexSoftware, type IndexSoftware } from '../settings/index-software.ts';
import type { howToWithdrawConfig, HowToWithdrawConfig, HowToWithdrawOutputs } from './how-to-withdraw.ts';
import { isWithdrawn, pageOf, releaseOnIndex, type ReleaseOnIndex } from './release-on-index.ts';

/** Whether the names are valid and the index responds. */
export async function verifyHowToWithdraw(
  config: PlannedConfig<typeof howToWithdrawConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof howToWithdrawConfig>(config)) return [notChecked('The release to withdraw')];
  return findingsOf(async () => {
    await releaseOnIndex(config, context);
    return undefined;
  });
}

/** It changes nothing. */
export async function runHowToWithdraw(config: HowToWithdrawConfig, context: ReadContext): Promise<HowToWithdrawOutputs> {
  const release = await releaseOnIndex(config, context);
  if (isWithdrawn(release)) {
    context.log(`${release.project} ${release.version} is withdrawn already`);
    return { 'by-api': false, 'by-person': false, ask: '', page: '' };
  }
  const software = await indexSoftware(release.index, context);
  if (software.kind === 'devpi' || software.kind === 'pypiserver') return { 'by-api': true, 'by-person': false, ask: '', page: '' };
  return { 'by-api': false, 'by-person': true, ask: instructions(release, software, config.reason), page: pageOf(release, software) };
}

/** For a person who has to withdraw it: where, how and why. */
function instructions(release: ReleaseOnIndex, software: IndexSoftware, reason: string): string {
  const what = `${release.project} ${release.published?.written ?? release.version}`;
  const page = pageOf(release, software);
  const after = 'Approve when it is done; relpipe then checks the index.';
  return software.kind === 'pypi'
    ? `Please yank ${what}: open ${page}, choose Options, Yank, and give this reason: ${reason}. PyPI has no API for it. ${after}`
    : `Please withdraw ${what} from the index of ${page} with the means of the index, and give this reason: ${reason}. No API for it is known. ${after}`;
}
