import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan, PlanPlugin } from '../../plan/plan.ts';
import { findPackage, type FoundPackage } from '../../plugins/find-package.ts';
import { howToInstall } from '../../plugins/install-command.ts';
import { packageContent } from '../../plugins/package-content.ts';

interface PluginHere {
  readonly plugin: PlanPlugin;
  readonly found: FoundPackage;
}

/**
 * Before any of their code is loaded: the plugins that are installed are those that a run was planned with, by version and by content.
 * Those that are missing are reported by the loader. Throws `REL_PLUGIN_CHANGED`, `REL_PLUGIN_CONTENT_CHANGED`.
 */
export async function requirePlugins(run: string, plan: Plan, folder: string, acceptsOtherContent: boolean): Promise<void> {
  const here = (await Promise.all(plan.plugins.map((plugin) => pluginHere(plugin, folder)))).filter((one) => one !== undefined);
  const others = here.filter(({ plugin, found }) => found.version !== plugin.version);
  if (others.length > 0) {
    const changed = others.map(({ plugin, found }) => ({ package: plugin.package, recorded: plugin.version, here: found.version }));
    const install = howToInstall(folder, others.map(({ plugin }) => ({ package: plugin.package, range: plugin.version })), 'no-save');
    throw relpipeError('REL_PLUGIN_CHANGED', { changed, install });
  }
  if (acceptsOtherContent) return;
  const packages = here.filter(hasOtherContent).map(({ plugin }) => `${plugin.package} ${plugin.version}`);
  if (packages.length > 0) throw relpipeError('REL_PLUGIN_CONTENT_CHANGED', { run, packages });
}

async function pluginHere(plugin: PlanPlugin, folder: string): Promise<PluginHere | undefined> {
  const found = await findPackage(plugin.package, folder);
  return found && { plugin, found };
}

/** Plans of previous versions do not have it. */
const hasOtherContent = ({ plugin: { content }, found }: PluginHere): boolean => content !== undefined && content !== packageContent(found.root);
