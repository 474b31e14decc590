import { StepError, type RunContext } from 'relpipe/plugin';
import { copyImage } from '../copy/copy-image.ts';
import type { Copy } from '../copy/copy.ts';
import { repositoryOrigin } from '../copy/image-origin.ts';
import { moveTag } from '../tag/move-tag.ts';
import type { TagChange } from '../tag/tag-change.ts';
import { endsOf, type Ends } from './ends-of.ts';
import type { Promoted, PromoteConfig } from './promote-config.ts';

/** Gives the image a further tag, and brings it there first. What the tag pointed at before is saved before that. */
export async function runPromote(config: PromoteConfig, context: RunContext<TagChange>): Promise<Promoted> {
  const ends = endsOf(config, context);
  const { source, target, tag } = ends;
  // A second attempt promotes what the first one did, also when the tag in `from` has moved since.
  const wanted = context.saved?.digest ?? ends.wanted;
  const image = await source.read(wanted);
  if (!image) throw sourceMissing(ends, wanted);
  // Nor may it take its own half-done work for the former state.
  const change = context.saved ?? (await changeTo(image.digest, ends));
  await context.saveState(change);
  const copy: Copy = { from: repositoryOrigin(source), to: target, context, uploaded: 0, referrers: 0 };
  if (source !== target) await copyImage(image, copy);
  await moveTag(target, tag, image);
  const { uploaded, referrers } = copy;
  return { image: ends.named(image.digest), digest: image.digest, former: change.former, uploaded, referrers };
}

async function changeTo(digest: string, { source, target, tag }: Ends): Promise<TagChange> {
  const former = (await target.read(tag))?.digest ?? null;
  const brought = source !== target && former !== digest && (await target.read(digest)) === undefined;
  return { digest, former, brought };
}

export const sourceMissing = ({ source }: Ends, reference: string) =>
  new StepError('DOCKER_SOURCE_MISSING', `${source.name} has no ${reference}.`, {
    hint: 'Push the image first. What an earlier step pushes is named by its output: `${{ steps.push.outputs.image }}`.',
  });
