import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FactBody } from '../../../packages/engine/src/run/core/fact.ts';
import type { Op } from '../../../packages/engine/src/run/core/operation.ts';
import { evolve } from '../../../packages/engine/src/run/core/evolve.ts';
import { newRunState } from '../../../packages/engine/src/run/core/state/run-state.ts';
import { drive } from '../../../packages/engine/src/run/drive.ts';
import { openSqliteStore } from '../../../packages/engine/src/run/store/sqlite/open-sqlite-store.ts';
import { RunWriter } from '../../../packages/engine/src/run/local/run-writer.ts';
import type { Runtime } from '../../../packages/engine/src/run/runtime.ts';
import { figureOf, type Figure } from '../measure/figure.ts';
import { noOpPlan } from '../measure/no-op-plan.ts';
import { pairs } from '../measure/side-by-side.ts';
import type { BenchFolder } from '../measure/bench-folder.ts';

const steps = 500;
const rounds = 7;
/** One page of SQLite's write-ahead log with its header. */
const page = Buffer.alloc(4096 + 24);

/** The cost of the journal: the real loop over steps that do nothing, one after the other, each durable before the next. */
export async function durableSteps(bench: BenchFolder): Promise<readonly Figure[]> {
  const measured = await pairs(rounds, () => stepsPerSecond(bench.folder), () => syncsPerSecond(bench.folder));
  return [figureOf({ name: 'durable-steps', unit: 'steps/s', peer: 'fdatasync of 4 KiB appends in the same folder', target: 0.5, better: 'higher' }, measured)];
}

async function stepsPerSecond(folder: string): Promise<number> {
  const file = join(folder, 'durable.db');
  const store = openSqliteStore(file);
  const plan = noOpPlan(steps, 'chain');
  await store.createRun({ id: 'bench', name: plan.name, createdAt: Date.now(), fingerprint: plan.fingerprint });
  const writer = new RunWriter(store, await store.takeLease('bench'), { seq: 0, at: 0, hash: '' });
  const state = newRunState();
  evolve(state, writer.append({ fact: 'planned', run: 'bench', plan, parallel: 1, who: { who: 'bench', by: 'flag' }, rules: 0, engine: 'bench' }, Date.now()));
  await writer.commit();

  const startedAt = performance.now();
  const ending = await drive(state, noOpRuntime(writer), noExpressions, { onFact: () => undefined, onCommit: () => undefined });
  const seconds = (performance.now() - startedAt) / 1000;

  await store.close();
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  if (!('idle' in ending) || ending.idle !== 'over' || ending.outcome !== 'succeeded') throw new Error('The run did not succeed, so that its speed is not a result.');
  return steps / seconds;
}

/** The real journal, with tasks that succeed at once. */
function noOpRuntime(writer: RunWriter): Runtime {
  let ended: FactBody[] = [];
  const succeed = ({ key }: Op): number => ended.push({ fact: 'ended', key, result: { status: 'succeeded', output: {} } });
  return {
    append: (body) => writer.append(body, Date.now()),
    commit: () => writer.commit(),
    act: ({ start }) => start.forEach(succeed),
    takeUp: () => undefined,
    arrived: async () => [],
    rest: async () => ({ parked: {} }),
    next: async () => {
      const bodies = ended;
      ended = [];
      return { bodies };
    },
  };
}

function syncsPerSecond(folder: string): number {
  const path = join(folder, 'fdatasync');
  const file = openSync(path, 'w');
  const startedAt = performance.now();
  for (let i = 0; i < steps; i += 1) {
    writeSync(file, page);
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  closeSync(file);
  rmSync(path);
  return steps / seconds;
}

const noExpressions = (source: string): never => {
  throw new Error(`The plan has no expression, but ${source}.`);
};
