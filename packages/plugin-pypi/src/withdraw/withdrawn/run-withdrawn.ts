import { StepError, type ReadContext, type Static } from 'relpipe/plugin';
import { pollUntil } from '../../polling/poll-until.ts';
import { isWithdrawn, releaseOnIndex } from '../release-on-index.ts';
import type { withdrawnConfig, withdrawnOutputs } from './withdrawn-config.ts';

/** The index may lag behind what was done, so it is looked at again for a while; whoever said it was done may also be wrong. */
export async function runWithdrawn(config: Static<typeof withdrawnConfig>, context: ReadContext): Promise<Static<typeof withdrawnOutputs>> {
  const { timeout, poll, project, version } = config;
  const tooLate = (last: StepError, timeoutMs: number): StepError =>
    new StepError('PYPI_STILL_THERE', `${last.message} That was so for ${timeoutMs / 1000} s.`, {
      hint: 'See on the page of the project whether it was yanked; then resume.',
      cause: last,
    });
  return pollUntil(() => lookOnce(config, context), { subject: `${project} ${version}`, timeout, poll, tooLate }, context);
}

async function lookOnce(config: Static<typeof withdrawnConfig>, context: ReadContext): Promise<Static<typeof withdrawnOutputs>> {
  const release = await releaseOnIndex(config, context);
  if (isWithdrawn(release)) return { found: release.published ? 'yanked' : 'gone', reason: release.published?.yanked ?? '' };
  const left = release.published?.files.filter(({ yanked }) => yanked === undefined).map(({ filename }) => filename) ?? [];
  throw new StepError('PYPI_STILL_THERE', `${release.index.url} still offers ${left.join(', ')}.`, { retryable: true });
}
