import {
  isLater,
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
import { checkEngine, checkPasswords, notChecked } from '../checks.ts';
import { parseReference, printDigest, wantedOf } from '../image/reference.ts';
import { hasBlob } from '../registry/blobs.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import { previewTagRollback, rollBackTag } from '../tag/move-tag.ts';
import { openSource, sourceOfId, type PushSource } from './push-source.ts';
import type { PushConfig, Pushed, PushSchema, PushState } from './push.ts';

/** Whether the registry answers, and the image exists, unless an earlier step builds it. Only the run can tell whether it may be pushed. */
export async function verify(config: PlannedConfig<PushSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (isFullyKnown<PushSchema>(config)) return checkAll(config, context);
  const { source = '', engine } = config;
  const needsEngine = typeof source === 'string' && !source.startsWith('oci:') && !isLater(engine);
  return [notChecked, ...(needsEngine ? await checkEngine({ context, engine }) : [])];
}

async function checkAll(config: PushConfig, context: ReadContext): Promise<readonly Finding[]> {
  try {
    const reference = parseReference(config.image);
    await openRepository(reference, config, context).read(wantedOf(reference));
    return [...(await checkSource(config, context)), ...checkPasswords(config, 'image')];
  } catch (error) {
    return [findingFrom(error)];
  }
}

/** A missing image is only a warning: an earlier step may build it. */
async function checkSource(config: PushConfig, context: ReadContext): Promise<readonly Finding[]> {
  try {
    await openSource(config, context);
    return [];
  } catch (error) {
    const finding = findingFrom(error);
    const isMissing = ['DOCKER_SOURCE_MISSING', 'DOCKER_LAYOUT_UNREADABLE'].includes(finding.code);
    return [isMissing ? { ...finding, level: 'warning' } : finding];
  }
}

/** Shows the digest that the tag points at now, if the plan knows the tag. */
export async function preview(config: PlannedConfig<PushSchema>, context: ReadContext): Promise<Preview> {
  const { image, logins = {} } = config;
  const common = {
    change: `push ${plannedText(config.source ?? "the engine's image")} as ${plannedText(image)}`,
    unknownUntilRun: unknownUntilRun(config),
  };
  if (isLater(image) || isLater(logins) || !isFullyKnown(logins)) return { ...common, rollback: previewTagRollback('unknown') };
  const reference = parseReference(image);
  const previous = await openRepository(reference, { logins }, context).read(wantedOf(reference));
  return { ...common, ...(previous && { from: previous.digest }), rollback: previewTagRollback(previous) };
}

/** Whether the tag points at the image; it moves last, so the rest is complete then. */
export async function probe(config: PushConfig, context: ProbeContext<PushState>): Promise<Probe<Pushed>> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  const source = saved.id === null ? await openSource(config, context) : sourceOfId(saved.id, config, context);
  const now = await repository.read(wantedOf(reference));
  if (now && (saved.digest === now.digest || (await source.is(now, repository)))) {
    const { digest } = now;
    const { previous } = saved;
    return { found: 'done', output: { image: printDigest(reference, digest), digest, previous, pushed: digest !== previous } };
  }
  if ((now?.digest ?? null) === saved.previous) return { found: 'not-done' };
  return { found: 'conflict', detail: `${config.image} points at ${now?.digest ?? 'nothing'}; this step did not move it there` };
}

/** Pushes the image, unless the tag points at it already, and reads back what the tag points at. @throws {StepError} */
export async function run(config: PushConfig, context: RunContext<PushState>): Promise<Pushed> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const tag = wantedOf(reference);
  const source = await openSource(config, context);
  const before = await repository.read(tag);
  const isThere = before !== undefined && (await source.is(before, repository));
  const { saved } = context;
  if (saved && (saved.digest !== source.digest || saved.id !== source.id)) throw sourceChanged(config);
  const { digest, id } = source;
  const state = saved ?? { digest, id, previous: before?.digest ?? null, isNewImage: await isNew(source, repository) };
  await context.saveState(state);
  if (isThere) context.log(`${config.image} points at this image already`);
  else await source.pushTo(repository, tag);
  const after = await repository.read(tag);
  if (!after || !(await source.is(after, repository))) throw notThere(config, after?.digest);
  context.log(`${config.image} points at ${after.digest}`);
  return { image: printDigest(reference, after.digest), digest: after.digest, previous: state.previous, pushed: !isThere };
}

/** The engine's image has no digest yet, but no registry accepts a manifest without its config: without the config the image is new. */
async function isNew({ digest, id }: PushSource, repository: Repository): Promise<boolean> {
  if (digest === null && id !== null && (await hasBlob(repository, id))) return false;
  const reference = digest ?? id;
  return reference !== null && (await repository.read(reference)) === undefined;
}

const sourceChanged = ({ source = 'The image on the engine' }: PushConfig) =>
  new StepError('DOCKER_SOURCE_CHANGED', `${source} is not the image of the previous attempt.`, {
    hint: 'Find out what has built it again; then start a new run.',
  });

const notThere = ({ image }: PushConfig, now = 'nothing') =>
  new StepError('DOCKER_DIGEST_CHANGED', `${image} points at ${now}, and not at the image that was pushed.`, {
    hint: 'Find out whether something else moves this tag.',
  });

/** Moves the tag back; layers stay until the registry collects them. @throws {StepError} see `rollBackTag` */
export async function rollback(config: PushConfig, context: AutomaticRollbackContext<PushState, Pushed>): Promise<void> {
  const { saved, output } = context;
  if (!saved) return; // Nothing was changed.
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const tag = wantedOf(reference);
  const digest = saved.digest ?? output?.digest ?? (await ownDigest(saved, tag, repository, config, context));
  await rollBackTag(repository, tag, { ...saved, digest }, context);
}

/** The digest of a push that was interrupted before it could report one: what the tag points at, if that is the image. */
async function ownDigest(
  { id, previous }: PushState,
  tag: string,
  repository: Repository,
  config: PushConfig,
  context: ReadContext,
): Promise<string> {
  const now = await repository.read(tag);
  const isOwn = now !== undefined && now.digest !== previous && id !== null && (await sourceOfId(id, config, context).is(now, repository));
  return isOwn ? now.digest : 'the image that was pushed';
}
