import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { loadWantedPlugins } from '../../plugins/load-plugins.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { replayEvents } from '../../report/events/project-events.ts';
import type { Fact } from '../../run/core/fact.ts';
import { printMachine, unmetBy } from '../../model/machine.ts';
import { canBeRolledBack } from '../../run/core/state/rollback-state.ts';
import { thisMachine } from '../../run/local/this-machine.ts';
import { rules } from '../../run/core/rules-version.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import { exitCodes } from '../exit-codes.ts';
import { printFindings } from '../output.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { driveRun } from './drive-run.ts';
import { requirePlugins } from './require-plugins.ts';
import type { DrivingOptions } from './driving-options.ts';
import { secretsToResume } from './secrets.ts';
import { checkOut, currentCommit } from './work-tree.ts';

export interface ResumeOptions extends DrivingOptions {
  readonly checkout?: boolean;
  readonly acceptChangedPlugins?: boolean;
}

/** Drives a recorded run with its recorded plan, from where its facts end; returns the exit code. Throws `REL_COMMIT_MISMATCH`. */
export async function resumeRun(opened: OpenedStore, run: string, options: ResumeOptions): Promise<number> {
  const { facts } = await opened.store.readRun(run);
  const plan = recordedPlan(run, facts);
  const { state } = replayEvents(facts);
  requireRules(state);
  requireMachine(state);
  if (!options.checkout && !opened.isAtHome) requireFile(opened.root, plan);
  const file = resolve(options.checkout ? await checkOut(opened, plan) : opened.root, plan.source.file);
  const workdir = dirname(file);
  if (!options.checkout) await requireCommit(run, plan, workdir);
  await requirePlugins(run, plan, workdir, options.acceptChangedPlugins === true);
  const registry = await loadPluginsOf(plan, file);
  if (!registry) return exitCodes.refused;
  return driveRun({ ...opened, registry, workdir, run, plan, secretsNeeded: await secretsToResume(opened.store, state) }, options);
}

/** The plan a run was started with. Throws `REL_RUN_NOT_STARTED`. */
function recordedPlan(run: string, [first]: readonly Fact[]): Plan {
  if (first?.fact !== 'planned') throw relpipeError('REL_RUN_NOT_STARTED', { run });
  return first.plan;
}

/** Throws `REL_RUN_NEWER` for a run that newer rules have decided before. */
function requireRules(state: RunState): void {
  if (state.rules > rules) throw relpipeError('REL_RUN_NEWER', { run: state.run, engine: state.engine, rules: state.rules, known: rules });
}

/** Throws `REL_MACHINE_UNSUITABLE` where this machine cannot execute what is left of a run: its steps, or their rollbacks. */
function requireMachine(state: RunState): void {
  if (state.outcome !== undefined) return;
  const machine = thisMachine();
  const left = [...state.steps.values()].filter(({ at, mayHaveActed, plan }) => at !== 'finished' || (mayHaveActed && canBeRolledBack(plan)));
  const unmet = left.filter(({ plan }) => Object.keys(unmetBy(machine, plan.runsOn ?? {})).length > 0);
  const [first] = unmet;
  if (first === undefined) return;
  const required = printMachine(unmetBy(machine, first.plan.runsOn ?? {}));
  throw relpipeError('REL_MACHINE_UNSUITABLE', { steps: unmet.map(({ plan }) => plan.key), required, here: printMachine(machine) });
}

/** A journal elsewhere does not know its repository: the commands of a run must not start in whatever folder this is. */
function requireFile(root: string, { source }: Plan): void {
  const file = resolve(root, source.file);
  if (!existsSync(file)) throw relpipeError('REL_FILE_MISSING', { file });
}

async function requireCommit(run: string, plan: Plan, workdir: string): Promise<void> {
  const recorded = plan.source.commit;
  const here = await currentCommit(workdir);
  if (recorded !== undefined && recorded !== here) throw relpipeError('REL_COMMIT_MISMATCH', { run, recorded, here });
}

/** The plugins of a recorded plan; undefined when one cannot be loaded, which was printed. */
export async function loadPluginsOf(plan: Plan, file: string): Promise<PluginRegistry | undefined> {
  const at = { file, line: 1, column: 1, length: 1 };
  const wanted = plan.plugins.map((plugin) => ({ package: plugin.package, range: '*', recorded: plugin.version, at }));
  const { registry, diagnostics } = await loadWantedPlugins(wanted, dirname(file), builtInPlugins);
  if (!diagnostics.some(({ severity }: Diagnostic) => severity === 'error')) return registry;
  printFindings(diagnostics, new Map());
  return undefined;
}
