import type { RunContext } from 'relpipe/plugin';
import { setTesters } from './set-testers.ts';
import type { NoTestersConfig, TestersOutputs } from './testers-config.ts';

export async function runNoTesters({ router: provided }: NoTestersConfig, context: RunContext<unknown>): Promise<TestersOutputs> {
  await setTesters(await provided.open(context), undefined);
  return { side: '' };
}
