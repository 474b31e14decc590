import type { CompositeType, MetricType, Plugin, StepType } from '../contract/index.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { Diagnostic, Place } from '../errors/diagnostic.ts';
import type { FoundPackage } from './find-package.ts';
import type { LoadedPlugin, PluginRegistry } from './plugin-registry.ts';

/** Collects what plugins give under their full names, and refuses a name that is taken. */
export class RegistryBuilder {
  readonly #owners = new Map<string, string>();
  readonly #plugins: LoadedPlugin[] = [];
  readonly #steps = new Map<string, StepType>();
  readonly #metrics = new Map<string, MetricType>();
  readonly #composites = new Map<string, CompositeType>();

  constructor(builtIn: readonly Plugin[]) {
    for (const plugin of builtIn) {
      this.#owners.set(plugin.name, 'relpipe itself');
      this.#enter(plugin);
    }
  }

  add(plugin: Plugin, { name: packageName, version }: FoundPackage, at: Place | undefined): Diagnostic[] {
    const other = this.#owners.get(plugin.name);
    if (other !== undefined) return [diagnose('REL_PLUGIN_NAME_TAKEN', { package: packageName, name: plugin.name, other }, at)];
    this.#owners.set(plugin.name, packageName);
    this.#plugins.push({ package: packageName, name: plugin.name, version });
    this.#enter(plugin);
    return [];
  }

  /** `incomplete`: a package could not be loaded, so that an unknown type may be one of its own. */
  build(incomplete: boolean): PluginRegistry {
    return { plugins: this.#plugins, steps: this.#steps, metrics: this.#metrics, composites: this.#composites, incomplete };
  }

  #enter({ name: prefix, steps = {}, metrics = {}, composites = {} }: Plugin): void {
    for (const [name, step] of Object.entries(steps)) this.#steps.set(`${prefix}.${name}`, step);
    for (const [name, metric] of Object.entries(metrics)) this.#metrics.set(`${prefix}.${name}`, metric);
    for (const [name, composite] of Object.entries(composites)) this.#composites.set(`${prefix}.${name}`, composite);
  }
}
