import {
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type AutomaticRollbackContext,
  type Finding,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { checkPasswords, notChecked } from '../checks.ts';
import { copyImage, newCopy } from '../image/copy-image.ts';
import { repositoryOrigin } from '../image/image-origin.ts';
import { parseReference, printDigest, wantedOf, type ImageReference } from '../image/reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import { moveTag, previewTagRollback, rollBackTag } from '../tag/move-tag.ts';
import type { TagChange } from '../tag/tag-change.ts';
import type { PromoteConfig, Promoted, PromoteSchema } from './promote.ts';

/** Whether the image exists, and the other registry answers. Only the run can tell whether it accepts the image. */
export async function verify(config: PlannedConfig<PromoteSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<PromoteSchema>(config)) return [notChecked];
  try {
    const ends = endsOf(config, context);
    const found = await ends.source.read(ends.wanted);
    await ends.target.read(ends.tag);
    const missing = found ? [] : [{ ...findingFrom(sourceMissing(ends, ends.wanted)), at: ['from'] }];
    return [...missing, ...checkPasswords(config, 'from', 'to')];
  } catch (error) {
    return [findingFrom(error)];
  }
}

/** Shows the digests that the tag points at now and will point at, if the plan knows the image and the tag. */
export async function preview(config: PlannedConfig<PromoteSchema>, context: ReadContext): Promise<Preview> {
  const change = `point ${plannedText(config.to)} at ${plannedText(config.from)}`;
  if (!isFullyKnown<PromoteSchema>(config)) {
    return { change, rollback: previewTagRollback('unknown'), unknownUntilRun: unknownUntilRun(config) };
  }
  const { source, wanted, target, tag } = endsOf(config, context);
  const [image, previous] = [await source.read(wanted), await target.read(tag)];
  return {
    change,
    ...(previous && { from: previous.digest }),
    ...(image && { to: image.digest }),
    rollback: previewTagRollback(previous),
  };
}

/** Whether the tag already points at the image; it moves last, so the rest is complete then. */
export async function probe(config: PromoteConfig, context: ProbeContext<TagChange>): Promise<Probe<Promoted>> {
  const { source, wanted, target, tag, imageBy } = endsOf(config, context);
  const { saved } = context;
  const now = (await target.read(tag))?.digest ?? null;
  const digest = saved?.digest ?? (await source.read(wanted))?.digest;
  if (digest === undefined) return { found: 'unknown', detail: `${source.name} has no image ${wanted}` };
  // Nothing was saved, so nothing was done: then the tag pointed there before.
  const previous = saved ? saved.previous : digest;
  if (now === digest) return { found: 'done', output: { image: imageBy(digest), digest, previous, uploaded: 0, referrers: 0 } };
  if (!saved || now === saved.previous) return { found: 'not-done' };
  return { found: 'conflict', detail: `${tag} points at ${now ?? 'nothing'}; this step did not move it there` };
}

/**
 * Copies the image if it is to be in another repository, then moves the tag. Saves first what the tag pointed at before.
 * @throws {StepError}
 */
export async function run(config: PromoteConfig, context: RunContext<TagChange>): Promise<Promoted> {
  const ends = endsOf(config, context);
  const { source, target, tag } = ends;
  // A second attempt promotes what the first one did, also when the tag in `from` has moved since.
  const wanted = context.saved?.digest ?? ends.wanted;
  const image = await source.read(wanted);
  if (!image) throw sourceMissing(ends, wanted);
  // Nor may it take the incomplete work of the first one for the previous state.
  const change = context.saved ?? (await changeTo(image.digest, ends));
  await context.saveState(change);
  const copy = newCopy(repositoryOrigin(source), target, context);
  if (source !== target) await copyImage(image, copy);
  await moveTag(target, tag, image);
  const { uploaded, referrers } = copy;
  return { image: ends.imageBy(image.digest), digest: image.digest, previous: change.previous, uploaded, referrers };
}

/** Moves the tag back. @throws {StepError} see `rollBackTag` */
export async function rollback(config: PromoteConfig, context: AutomaticRollbackContext<TagChange, Promoted>): Promise<void> {
  const digest = context.saved?.digest;
  if (!context.saved || !digest) return; // Nothing was changed.
  const { target, tag } = endsOf(config, context);
  await rollBackTag(target, tag, { ...context.saved, digest }, context);
}

/** The repositories of the image and of its new tag. */
interface Ends {
  readonly source: Repository;
  readonly wanted: string;
  /** The same object as `source` when the image stays in its repository. */
  readonly target: Repository;
  readonly tag: string;
  /** The image under its new name, by digest. */
  readonly imageBy: (digest: string) => string;
}

function endsOf(config: PromoteConfig, context: ReadContext): Ends {
  const [from, to] = [parseReference(config.from), parseReference(config.to)];
  const source = openRepository(from, config, context);
  const target = isSameRepository(from, to) ? source : openRepository(to, config, context);
  return { source, wanted: wantedOf(from), target, tag: wantedOf(to), imageBy: (digest) => printDigest(to, digest) };
}

const isSameRepository = (one: ImageReference, other: ImageReference): boolean =>
  one.registry === other.registry && one.repository === other.repository;

async function changeTo(digest: string, { source, target, tag }: Ends): Promise<TagChange> {
  const previous = (await target.read(tag))?.digest ?? null;
  const isNewImage = source !== target && previous !== digest && (await target.read(digest)) === undefined;
  return { digest, previous, isNewImage };
}

const sourceMissing = ({ source }: Ends, reference: string) =>
  new StepError('DOCKER_SOURCE_MISSING', `${source.name} has no image ${reference}.`, {
    hint: 'Push the image first. For an image that an earlier step pushes, use its output: `${{ steps.push.outputs.image }}`.',
  });
