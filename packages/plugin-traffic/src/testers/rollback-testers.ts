import type { UndoContext } from 'relpipe/plugin';
import type { Testers } from '../router-kinds/router.ts';
import { setTesters } from './set-testers.ts';
import type { TestersConfig, TestersOutputs, TestersState } from './testers-config.ts';

/** Says again who were testers before. */
export async function rollbackTesters({ router: provided }: TestersConfig, context: UndoContext<TestersState, TestersOutputs>): Promise<void> {
  if (context.saved === undefined) return;
  const { former } = context.saved;
  await setTesters(await provided.open(context), former === '' ? undefined : (JSON.parse(former) as Testers));
}
