import { isRelpipeError, relpipeError } from '../../errors/relpipe-error.ts';
import { rollbackStepsIn } from '../../plan/dag.ts';
import type { Plan, StepKey } from '../../plan/plan.ts';
import type { Fact } from '../../run/core/fact.ts';
import type { AskOp } from '../../run/core/operation.ts';
import { openAsks } from '../../run/core/state/open-ops.ts';
import { mayContinue } from '../../run/core/decide/commands.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { RunRow, RunStore } from '../../run/store/run-store.ts';
import { closestNames } from '../../util/closest-names.ts';

/** The run that was named, by its id or the end of it; else the newest. Throws `REL_RUN_UNKNOWN`, `REL_NO_RUNS`. */
export async function findRun(store: RunStore, name: string | undefined): Promise<RunRow> {
  const runs = await store.runs();
  const newest = runs.at(-1);
  if (newest === undefined) throw relpipeError('REL_NO_RUNS', { journal: store.place });
  if (name === undefined) return newest;
  const found = runs.filter(({ id }) => id === name || id.endsWith(`-${name}`));
  if (found.length > 1) throw relpipeError('REL_RUN_AMBIGUOUS', { runs: found.map(({ id }) => id) });
  if (found[0] === undefined) throw relpipeError('REL_RUN_UNKNOWN', { run: name, file: store.place });
  return found[0];
}

/** For what changes a run: without a name, the only run that is not over. Throws `REL_RUN_AMBIGUOUS`, `REL_RUN_FINISHED`. */
const findOpenRun = async (store: RunStore, name: string | undefined): Promise<RunRow> => requireOpen(await findRunToResume(store, name));

/** What the words after a command name: a run, and where the command takes one, a step. */
export type NamedRun = readonly [run: string | undefined] | readonly [run: string | undefined, step: string | undefined];

/** For what changes an open run. One word that is not a run is the step, if only one run is open and it has such a step. */
export async function findRunAndStep(store: RunStore, words: NamedRun): Promise<{ run: string; step: string | undefined }> {
  const [name, step] = words;
  try {
    return { run: (await findOpenRun(store, name)).id, step };
  } catch (error) {
    const mayBeStep = words.length === 2 && name !== undefined && step === undefined;
    if (!mayBeStep || !isRelpipeError(error) || error.code !== 'REL_RUN_UNKNOWN') throw error;
    const open = (await store.runs()).filter(isOpen);
    const [run] = open;
    if (run === undefined || open.length > 1 || !hasStep((await store.readRun(run.id)).facts, name)) throw error;
    return { run: run.id, step: name };
  }
}

/** The same for `resume`, which also reports how a run ended: without an open run it is the newest. */
export async function findRunToResume(store: RunStore, name: string | undefined): Promise<RunRow> {
  if (name !== undefined) return findRun(store, name);
  const open = (await store.runs()).filter(isOpen);
  if (open.length > 1) throw relpipeError('REL_RUN_AMBIGUOUS', { runs: open.map(({ id }) => id) });
  return open[0] ?? findRun(store, undefined);
}

const isOpen = ({ state, facts }: RunRow): boolean => state !== 'over' && facts > 0;

function requireOpen(run: RunRow): RunRow {
  if (run.state === 'over') throw relpipeError('REL_RUN_FINISHED', { run: run.id, outcome: run.outcome ?? 'over' });
  return run;
}

/** The key of a step, from its key or the end of it (`shift` for `production/canary/1-shift`). Throws `REL_STEP_UNKNOWN`. */
export function requireStep(facts: readonly Fact[], name: string): string {
  const first = facts[0];
  const keys = first?.fact === 'planned' ? keysIn(first.plan) : [];
  const found = keys.filter((key) => isNamed(key, name));
  if (found.length > 1) throw relpipeError('REL_STEP_AMBIGUOUS', { steps: found, what: 'shown' });
  if (found[0] === undefined) throw relpipeError('REL_STEP_UNKNOWN', { run: first?.fact === 'planned' ? first.run : '', step: name, near: closestNames(name, keys) });
  return found[0];
}

const isNamed = (key: StepKey, name: string): boolean => key === name || key.endsWith(`/${name}`);

const hasStep = ([first]: readonly Fact[], name: string): boolean => first?.fact === 'planned' && keysIn(first.plan).some((key) => isNamed(key, name));

/** Of every step, including those of rollbacks. */
function keysIn({ steps, groups }: Plan): readonly StepKey[] {
  const ofRollbacks = [...steps, ...groups].flatMap(({ rollback }) => rollbackStepsIn(rollback));
  return [...new Set([...steps, ...ofRollbacks].map(({ key }) => key))];
}

/**
 * The step or stage that a person continues: a failed one that waits for a decision (`accept`), or one that waits for a time, a gate or a window.
 * Without a name the only one. Throws `REL_NOTHING_TO_CONTINUE`, `REL_STEP_AMBIGUOUS`.
 */
export function findStepToContinue(state: RunState, name: string | undefined, accept: boolean): StepKey {
  const nodes = [...state.steps.values(), ...state.groups.values()];
  const fitting = nodes.filter((node) => mayContinue(state, node, accept)).map(({ plan }) => plan.key);
  const meant = name === undefined ? fitting : fitting.filter((key) => isNamed(key, name));
  const [key] = meant;
  if (key === undefined) throw relpipeError('REL_NOTHING_TO_CONTINUE', { run: state.run, accept, step: name, fitting });
  if (meant.length > 1) throw relpipeError('REL_STEP_AMBIGUOUS', { steps: meant, what: accept ? 'accepted' : 'continued' });
  return key;
}

/** The question of one of these kinds that a person means: of the step that was named, or the only one that is open. Throws `REL_NOTHING_WAITING`, `REL_STEP_AMBIGUOUS`. */
export function findQuestion(state: RunState, name: string | undefined, questions: readonly AskOp['question'][], what: string): AskOp {
  const asks = openAsks(state).filter((op) => questions.includes(op.question));
  const meant = name === undefined ? asks : asks.filter(({ step }) => isNamed(step, name));
  const [ask] = meant;
  if (ask === undefined) throw relpipeError('REL_NOTHING_WAITING', { run: state.run, what, step: name, waiting: asks.map(({ step }) => step) });
  if (meant.length > 1) throw relpipeError('REL_STEP_AMBIGUOUS', { steps: meant.map(({ step }) => step), what });
  return ask;
}
