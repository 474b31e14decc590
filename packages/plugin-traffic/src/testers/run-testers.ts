import type { RunContext } from 'relpipe/plugin';
import type { Testers } from '../router-kinds/router.ts';
import { findSide } from '../sides/find-sides.ts';
import { setTesters } from './set-testers.ts';
import type { TestersConfig, TestersOutputs, TestersSetting, TestersState } from './testers-config.ts';

/** Saves who were testers before, then says who they are now. */
export async function runTesters({ router: provided, candidate, testers }: TestersConfig, context: RunContext<TestersState>): Promise<TestersOutputs> {
  const router = await provided.open(context);
  const reading = await router.read();
  const side = findSide(candidate, router, reading);
  await context.saveState(context.saved ?? { former: reading.testers === undefined ? '' : JSON.stringify(reading.testers) });
  await setTesters(router, { side, ...testersFrom(testers) });
  context.log(`Testers get ${side}: ${Object.entries(testers).map(([by, who]) => `${by} ${who}`).join()}.`);
  return { side };
}

function testersFrom({ header, cookie }: TestersSetting): Omit<Testers, 'side'> {
  const [by, text, separator] = header === undefined ? (['cookie', cookie ?? '', '='] as const) : (['header', header, ':'] as const);
  const at = text.indexOf(separator);
  return at === -1 ? { by, name: text } : { by, name: text.slice(0, at), value: text.slice(at + 1).trim() };
}
