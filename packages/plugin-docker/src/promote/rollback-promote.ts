import type { RollbackContext } from 'relpipe/plugin';
import { putTagBack } from '../tag/put-tag-back.ts';
import type { TagChange } from '../tag/tag-change.ts';
import { endsOf } from './ends-of.ts';
import type { Promoted, PromoteConfig } from './promote-config.ts';

/** Puts the tag back where it was. @throws {StepError} see `putTagBack` */
export async function rollbackPromote(config: PromoteConfig, context: RollbackContext<TagChange, Promoted>): Promise<void> {
  const digest = context.saved?.digest;
  if (!context.saved || !digest) return; // Nothing was touched.
  const { target, tag } = endsOf(config, context);
  await putTagBack(target, tag, { ...context.saved, digest });
}
