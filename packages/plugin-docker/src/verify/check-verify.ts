import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { openPasswords } from '../credentials/open-passwords.ts';
import { notSettled } from '../not-settled.ts';
import { parseReference, wantedOf } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { verifyConfig } from './verify-config.ts';

/** Whether the registry answers. The image may still be to come. */
export async function checkVerify(config: PlannedConfig<typeof verifyConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof verifyConfig>(config)) return [notSettled];
  try {
    const reference = parseReference(config.image);
    await openRepository(reference, config, context).read(wantedOf(reference));
    return openPasswords(config, 'image');
  } catch (error) {
    return [findingFrom(error)];
  }
}
