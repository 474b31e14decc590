import { StepError, type RunContext } from 'relpipe/plugin';
import type { Repository } from '../registry/repository.ts';
import { moveTag } from './move-tag.ts';
import { openRepository } from './open-repository.ts';
import type { Promoted, PromoteConfig, Promotion } from './promote-config.ts';

/** Gives the image a further tag. What it pointed at before is saved first. */
export async function runPromote(config: PromoteConfig, context: RunContext<Promotion>): Promise<Promoted> {
  const repository = openRepository(config, context);
  const { saved } = context;
  // A second attempt promotes what the first one did, also when the tag in `from` has moved since.
  const source = await repository.read(saved?.digest ?? config.from);
  if (!source) throw sourceMissing(config, saved?.digest ?? config.from);
  // Nor may it take its own half-done work for the former state.
  const promotion = saved ?? { digest: source.digest, former: await digestUnder(config.to, repository) };
  await context.saveState(promotion);
  await moveTag(repository, config.to, source);
  return promotion;
}

const digestUnder = async (tag: string, repository: Repository): Promise<string | null> =>
  (await repository.read(tag))?.digest ?? null;

export const sourceMissing = ({ repository }: Pick<PromoteConfig, 'repository'>, reference: string) =>
  new StepError('DOCKER_SOURCE_MISSING', `${repository} has no ${reference}.`, {
    hint: 'Push the image first, or name its digest.',
  });
