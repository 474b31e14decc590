import { StepError } from 'relpipe/plugin';
import type { Testers, WeightKeeper } from '../router-kinds/router.ts';

/** @throws {StepError} `TRAFFIC_TESTERS_UNSUPPORTED` */
export async function setTesters(router: WeightKeeper, testers: Testers | undefined): Promise<void> {
  refuseUnsupported(router);
  await router.setTesters?.(testers);
}

/** @throws {StepError} `TRAFFIC_TESTERS_UNSUPPORTED` */
export function refuseUnsupported(router: WeightKeeper): void {
  if (router.setTesters === undefined) throw unsupported(router);
}

const unsupported = (router: WeightKeeper) =>
  new StepError('TRAFFIC_TESTERS_UNSUPPORTED', `${router.name} cannot tell testers from others.`, {
    hint: 'Leave `testers` out, and send testers to the candidate by its own configuration; or use the embedded router.',
  });
