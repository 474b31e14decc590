import { isStepError, type RollbackContext } from 'relpipe/plugin';
import type { Testers, WeightKeeper } from '../router-kinds/router.ts';
import { prepareNextStart } from '../sides/prepare-next-start.ts';
import { withHints } from '../sides/with-hints.ts';
import { setTesters } from './set-testers.ts';
import type { TestersConfig, TestersOutputs, TestersState } from './testers-config.ts';

/** Says again who were testers before: to a dead router, for its next start. */
export async function rollbackTesters({ router: provided, candidate }: TestersConfig, context: RollbackContext<TestersState, TestersOutputs>): Promise<void> {
  if (context.saved === undefined) return;
  const former = context.saved.former === '' ? undefined : (JSON.parse(context.saved.former) as Testers);
  const router = await provided.open(context);
  try {
    await setTesters(router, former);
  } catch (error) {
    if (!isStepError(error)) throw error;
    throw withHints(error, await prepareNextStart(router, candidate, (start) => tellNextStart(start, former)));
  }
}

async function tellNextStart(start: WeightKeeper, testers: Testers | undefined): Promise<string> {
  await setTesters(start, testers);
  return testers === undefined ? 'nobody is a tester' : `those with the ${testers.by} ${testers.name} get ${testers.side}`;
}
