/** A driver in a process of its own, to be killed: begins the given task and records what arrives. */
import { join } from 'node:path';
import type { TaskOp } from '../../../../src/run/core/operation.ts';
import { runStep } from '../../../../src/builtin/run.ts';
import type { PlanStep } from '../../../../src/plan/plan.ts';
import { systemClock } from '../../../../src/run/local/steady-clock.ts';
import { openSqliteStore } from '../../../../src/run/store/sqlite/open-sqlite-store.ts';
import { openLocalRuntime } from '../../../../src/run/local/open-local-runtime.ts';
import { codec, plan, planned, run } from '../plain-plan.ts';

const [folder = '', opText = '', undone = ''] = process.argv.slice(2);
const op = JSON.parse(opText) as TaskOp;
const store = openSqliteStore(join(folder, 'journal.db'));
await store.createRun(run);
const { runtime } = await openLocalRuntime({
  store,
  run: run.id,
  plan: { ...plan, steps: undone === '' ? [] : [{ key: undone, act: { act: 'gate' }, rollback: { now: [], staged: [] } } as unknown as PlanStep] },
  registry: { plugins: [], metrics: new Map(), composites: new Map(), groups: new Map(), channels: new Map(), steps: new Map([['relpipe.run', runStep]]) },
  codec,
  secrets: {},
  workdir: folder,
  relpipeFolder: folder,
  clock: systemClock,
  onLive: (event) => event.type === 'log' && console.log(event.line),
  onRefused: () => undefined,
  openChannels: () => async () => undefined,
  startWatch: () => ({ caughtUp: Promise.resolve(), isFilling: () => false, stop: async () => undefined }),
});
runtime.append(planned);
runtime.append({ fact: 'decided', changes: [{ do: 'start', op }] });
await runtime.commit();
runtime.act({ start: [op], cancel: [] });
for (;;) {
  const arrival = await runtime.next({ asks: [], mayPark: false });
  for (const body of 'bodies' in arrival ? arrival.bodies : []) runtime.append(body);
  await runtime.commit();
}
