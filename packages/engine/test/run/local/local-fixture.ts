import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Type } from 'typebox';
import { expect, onTestFinished } from 'vitest';
import type { Json, StepType } from '../../../src/contract/index.ts';
import type { PlanStep } from '../../../src/plan/plan.ts';
import { runStep } from '../../../src/builtin/run.ts';
import type { Fact, FactBody } from '../../../src/run/core/fact.ts';
import type { TaskOp } from '../../../src/run/core/operation.ts';
import type { LiveEvent } from '../../../src/run/live-event.ts';
import { systemClock } from '../../../src/run/local/steady-clock.ts';
import type { RunStore } from '../../../src/run/store/run-store.ts';
import type { RefusedCommand } from '../../../src/run/store/sealed-command.ts';
import { openSqliteStore } from '../../../src/run/store/sqlite/open-sqlite-store.ts';
import type { LocalRuntime } from '../../../src/run/local/local-runtime.ts';
import { codec, plan, planned, run } from './plain-plan.ts';
import { openLocalRuntime, type LocalRun } from '../../../src/run/local/open-local-runtime.ts';

export { run } from './plain-plan.ts';

/** A text that has this in it, for `toMatchObject` and its like. */
export const saying = (text: string): unknown => expect.stringContaining(text);

export const temporaryFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'relpipe-local-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

export const storeIn = (folder: string): RunStore => {
  const store = openSqliteStore(join(folder, 'journal.db'));
  onTestFinished(() => store.close());
  return store;
};

/** As a driver on another host would, after this one was silent for too long. */
export function stealLease(folder: string): void {
  const database = new DatabaseSync(join(folder, 'journal.db'));
  database.exec("UPDATE leases SET owner = '{}', fence = fence + 1");
  database.close();
}

export const stepType = (run: StepType['run'], more: Partial<StepType> = {}): StepType =>
  ({ summary: 'A step.', with: Type.Unknown(), outputs: Type.Unknown(), state: Type.Unknown(), rollback: 'nothing', onLost: 'ask', run, ...more }) as StepType;

export const taskOp = (more: Partial<TaskOp> & { with: Json }): TaskOp => ({
  op: 'task', key: 'build/a!run.1', step: 'build/a', verb: 'run', attempt: 1, uses: 'relpipe.run', timeoutMs: 60_000, idempotencyKey: `${run.id}/build/a/run`, ...more,
});

export interface Opened {
  readonly runtime: LocalRuntime;
  readonly live: LiveEvent[];
  readonly refusedCommands: readonly RefusedCommand[];
  readonly folder: string;
  readonly store: RunStore;
  /** What is recorded. */
  readonly facts: () => Promise<readonly Fact[]>;
  /** Waits for facts as the driver does, and makes them durable. */
  readonly next: () => Promise<readonly FactBody[]>;
  /** Until this op has ended. */
  readonly bodiesUntilEnded: (key: string) => Promise<readonly FactBody[]>;
  readonly lines: () => readonly string[];
}

export interface Options extends Partial<Pick<LocalRun, 'secrets' | 'clock' | 'parkAfterMs' | 'workdir' | 'run'>> {
  readonly folder?: string;
  readonly steps?: Readonly<Record<string, StepType>>;
  /** Steps with a `rollback:` of the file. */
  readonly undone?: readonly string[];
}

export async function openRuntime(options: Options = {}): Promise<Opened> {
  const { steps = {}, undone = [], folder = temporaryFolder(), ...rest } = options;
  const store = storeIn(folder);
  const isNew = (await store.findRun(run.id)) === undefined;
  if (isNew) await store.createRun(run);
  const live: LiveEvent[] = [];
  const refusedCommands: RefusedCommand[] = [];
  const { runtime } = await openLocalRuntime({
    store,
    run: run.id,
    plan: { ...plan, secrets: Object.keys(options.secrets ?? {}), steps: undone.map((key) => ({ key, act: { act: 'gate' }, rollback: { now: [], staged: [] } }) as unknown as PlanStep) },
    registry: { plugins: [], metrics: new Map(), composites: new Map(), groups: new Map(), channels: new Map(), steps: new Map<string, StepType>([['relpipe.run', runStep], ...Object.entries(steps)]) },
    codec,
    secrets: {},
    workdir: folder,
    relpipeFolder: folder,
    clock: systemClock,
    onLive: (event) => live.push(event),
    openChannels: () => async () => undefined,
    onRefused: (refused) => refusedCommands.push(...refused),
    startWatch: () => ({ caughtUp: Promise.resolve(), isFilling: () => false, stop: async () => undefined }),
    ...rest,
  });
  onTestFinished(() => runtime.close());
  if (isNew) runtime.append(planned);
  const next = async () => {
    const arrival = await runtime.next({ asks: [], mayPark: false });
    const bodies = 'bodies' in arrival ? arrival.bodies : 'arrived' in arrival ? arrival.arrived : [];
    for (const body of bodies) runtime.append(body);
    await runtime.commit();
    return bodies;
  };
  return {
    runtime, live, refusedCommands, folder, store, next,
    facts: async () => (await store.readRun(run.id)).facts,
    async bodiesUntilEnded(key) {
      const all: FactBody[] = [];
      while (!all.some((body) => body.fact === 'ended' && body.key === key)) all.push(...(await next()));
      return all;
    },
    lines: () => live.flatMap((event) => (event.type === 'log' ? [event.line] : [])),
  };
}
