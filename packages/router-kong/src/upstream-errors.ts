import { StepError } from 'relpipe/plugin';

export const upstreamUnknown = (upstream: string, known: readonly string[]) =>
  new StepError('KONG_UPSTREAM_UNKNOWN', `Kong has no upstream ${upstream}.`, {
    hint: known.length === 0 ? 'It has none at all.' : `It has ${known.join(', ')}.`,
  });

/** There is nothing to divide. */
export const upstreamEmpty = (upstream: string, url: string) =>
  new StepError('KONG_UPSTREAM_EMPTY', `The upstream ${upstream} of the Kong at ${url} has no targets.`, {
    hint: 'Add both sides as targets, the candidate with weight 0.',
  });
