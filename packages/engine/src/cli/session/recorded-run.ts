import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import { loadWantedPlugins } from '../../plugins/load-plugins.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import { showFindings } from '../output.ts';
import { currentCommit } from './work-tree.ts';

export interface RecordedRun {
  readonly registry: PluginRegistry;
  readonly workdir: string;
}

/**
 * What a recorded plan needs to go on: its folder at its commit, and its plugins in the versions it was planned with. Undefined when a
 * plugin is missing, which was said then. Throws `REL_COMMIT_MISMATCH`, `REL_PLUGIN_CHANGED`.
 */
export async function openRecordedRun(run: string, plan: Plan, root: string): Promise<RecordedRun | undefined> {
  const workdir = dirname(resolve(root, plan.source.file));
  await insistOnCommit(run, plan, workdir);
  const at = { file: resolve(root, plan.source.file), line: 1, column: 1, length: 1 };
  const wanted = plan.plugins.map((plugin) => ({ package: plugin.package, range: '*', at }));
  const { registry, diagnostics } = await loadWantedPlugins(wanted, workdir, builtInPlugins);
  if (diagnostics.some(({ severity }: Diagnostic) => severity === 'error')) {
    showFindings(diagnostics, new Map());
    return undefined;
  }
  insistOnVersions(plan, registry);
  return { registry, workdir };
}

async function insistOnCommit(run: string, plan: Plan, workdir: string): Promise<void> {
  const recorded = plan.source.commit;
  const here = await currentCommit(workdir);
  if (recorded !== undefined && recorded !== here) throw relpipeError('REL_COMMIT_MISMATCH', { run, recorded, here });
}

function insistOnVersions(plan: Plan, registry: PluginRegistry): void {
  for (const recorded of plan.plugins) {
    const here = registry.plugins.find((plugin) => plugin.package === recorded.package);
    if (here && here.version !== recorded.version)
      throw relpipeError('REL_PLUGIN_CHANGED', { package: recorded.package, recorded: recorded.version, here: here.version });
  }
}

/** The plan a run was started with. Throws `REL_RUN_UNKNOWN`, `REL_RUN_NOT_STARTED`. */
export function planOf(journal: Journal, run: string): Plan {
  const first = journal.readFacts(run)[0];
  if (first?.fact !== 'planned') throw relpipeError('REL_RUN_NOT_STARTED', { run });
  return first.plan;
}
