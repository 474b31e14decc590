import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan, StepKey } from '../../plan/plan.ts';
import { replayEvents } from '../../report/events/project-events.ts';
import type { StepState } from '../../run/core/state/node.ts';
import { unitOf } from '../../run/core/state/rollback-state.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { NewRun, RunRow, RunStore } from '../../run/store/run-store.ts';

/** An open run of a pipeline, beside which no other one of it may start. */
export interface RunInTheWay {
  readonly run: string;
  /** `running`, `parked`, `paused` or `interrupted`. */
  readonly state: string;
  /** The steps whose changes are in place. */
  readonly changed: readonly StepKey[];
}

/** Enters a new run, unless another one of its pipeline is in the way. Throws `REL_OTHER_RUN_OPEN`. */
export async function enterRun(store: RunStore, run: NewRun, plan: Plan): Promise<void> {
  if (plan.concurrency === 'none') {
    await store.createRun(run);
    return;
  }
  // Where another process was quicker, its run is among the others the next time.
  for (let isEntered = false; !isEntered; ) isEntered = await enterAlone(store, run);
}

async function enterAlone(store: RunStore, run: NewRun): Promise<boolean> {
  const others = await otherRuns(store, run);
  refuse(await inTheWay(store, others));
  return store.createRun(run, others.map(({ id }) => id));
}

/**
 * For a run that is taken up again, and has changed nothing so far: meanwhile another one may have started. One with changes of its own is
 * never kept from its end. Throws `REL_OTHER_RUN_OPEN`.
 */
export async function refuseBesideOthers(store: RunStore, state: RunState): Promise<void> {
  const { plan, run, outcome } = state;
  if (plan.concurrency === 'none' || outcome !== undefined || changedBy(state).length > 0) return;
  refuse(await inTheWay(store, await otherRuns(store, { id: run, name: plan.name })));
}

/** The open runs of this pipeline that are executed now, or whose changes are in place. */
export async function runsInTheWayOf(store: RunStore, { name, concurrency }: Plan): Promise<readonly RunInTheWay[]> {
  return concurrency === 'none' ? [] : inTheWay(store, await otherRuns(store, { id: '', name }));
}

async function otherRuns(store: RunStore, { id, name }: Pick<NewRun, 'id' | 'name'>): Promise<readonly RunRow[]> {
  return (await store.runs()).filter((row) => row.name === name && row.id !== id);
}

async function inTheWay(store: RunStore, rows: readonly RunRow[]): Promise<readonly RunInTheWay[]> {
  const found: RunInTheWay[] = [];
  for (const row of rows) {
    if (row.state === 'over') continue;
    const changed = row.facts === 0 ? [] : changedBy(replayEvents((await store.readRun(row.id)).facts).state);
    const isBusy = isStarting(row) || (await store.isDriven(row.id));
    if (isBusy || changed.length > 0) found.push({ run: row.id, state: isBusy ? 'running' : row.state, changed });
  }
  return found;
}

/** Its process records the first fact in a moment; without one after this time it has died, and has done nothing. */
const isStarting = ({ facts, createdAt }: RunRow): boolean => facts === 0 && Date.now() - createdAt < 10_000;

/** Steps that may have changed something, and were not rolled back. */
function changedBy(state: RunState): readonly StepKey[] {
  if (state.outcome !== undefined) return [];
  return [...state.steps.values()].filter((step) => mayHaveChanged(step) && !isRolledBack(state, step)).map(({ plan: { key } }) => key);
}

const mayHaveChanged = ({ plan: { phase, act, rollback }, mayHaveActed }: StepState): boolean =>
  mayHaveActed && phase === 'main' && act.act === 'task' && rollback !== 'nothing';

const isRolledBack = (state: RunState, step: StepState): boolean => state.rollback?.units.get(unitOf(state, step))?.at === 'rolled-back';

function refuse([other]: readonly RunInTheWay[]): void {
  if (other !== undefined) throw relpipeError('REL_OTHER_RUN_OPEN', other);
}
