import { isLater, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { findSide } from '../sides/find-sides.ts';
import type { testersConfig } from './testers-config.ts';
import { refuseUnsupported } from './set-testers.ts';

type PlannedTesters = Partial<PlannedConfig<typeof testersConfig>>;

/** The router answers, knows the side, and can tell testers. */
export async function verifyTesters({ router: provided, candidate }: PlannedTesters, context: ReadContext): Promise<readonly Finding[]> {
  if (provided === undefined || isLater(provided)) return [];
  try {
    const router = await provided.open(context);
    refuseUnsupported(router);
    const reading = await router.read();
    if (typeof candidate === 'string') findSide(candidate, router, reading);
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}
