import { StepError, type ReadContext } from 'relpipe/plugin';
import { pollUntil } from '../polling/poll-until.ts';
import { isWithdrawn, releaseOnIndex } from './release-on-index.ts';
import type { WithdrawnConfig, WithdrawnOutputs } from './withdrawn.ts';

/** The index may lag, so it is asked again for a while; a person who approved may also be mistaken. */
export async function runWithdrawn(config: WithdrawnConfig, context: ReadContext): Promise<WithdrawnOutputs> {
  const { timeout, poll, project, version } = config;
  const tooLate = (last: StepError, timeoutMs: number): StepError =>
    new StepError('PYPI_NOT_WITHDRAWN', `${last.message} This did not change within ${timeoutMs / 1000} s.`, {
      hint: 'Check on the page of the project whether the version was yanked, then resume.',
      cause: last,
    });
  return pollUntil(() => readWithdrawn(config, context), { subject: `${project} ${version}`, timeout, poll, tooLate }, context);
}

async function readWithdrawn(config: WithdrawnConfig, context: ReadContext): Promise<WithdrawnOutputs> {
  const release = await releaseOnIndex(config, context);
  if (isWithdrawn(release)) return { found: release.published ? 'yanked' : 'gone', reason: release.published?.yanked ?? '' };
  const left = release.published?.files.filter(({ yanked }) => yanked === undefined).map(({ filename }) => filename) ?? [];
  throw new StepError('PYPI_NOT_WITHDRAWN', `${release.index.url} still offers ${left.join(', ')}.`, { retryable: true });
}
