import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { openPasswords } from '../credentials/open-passwords.ts';
import { notSettled } from '../not-settled.ts';
import { endsOf } from './ends-of.ts';
import { promoteConfig } from './promote-config.ts';
import { sourceMissing } from './run-promote.ts';

/** Whether the image is there, and the other registry answers. That it may be pushed there is only known when it is. */
export async function verifyPromote(
  config: PlannedConfig<typeof promoteConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof promoteConfig>(config)) return [notSettled];
  try {
    const ends = endsOf(config, context);
    const found = await ends.source.read(ends.wanted);
    await ends.target.read(ends.tag);
    const missing = found ? [] : [{ ...findingFrom(sourceMissing(ends, ends.wanted)), at: ['from'] }];
    return [...missing, ...openPasswords(config, 'from', 'to')];
  } catch (error) {
    return [findingFrom(error)];
  }
}
