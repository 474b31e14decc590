import type { CompositeType, MetricType, Plugin, ReporterType, StepType } from '../contract/index.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { Diagnostic, Place } from '../errors/diagnostic.ts';
import { fillPoints, holdsPoint, type PointFiller } from './fill-points.ts';
import type { FoundPackage } from './find-package.ts';
import { joinPoints, type DefinedPoint, type OfferedProvision } from './join-points.ts';
import type { LoadedPlugin, PluginRegistry } from './plugin-registry.ts';

/** Collects what plugins give under their full names, and refuses a name that is taken. */
export class RegistryBuilder {
  readonly #owners = new Map<string, string>();
  readonly #plugins: LoadedPlugin[] = [];
  readonly #steps = new Map<string, StepType>();
  readonly #metrics = new Map<string, MetricType>();
  readonly #composites = new Map<string, CompositeType>();
  readonly #reporters = new Map<string, ReporterType>();
  readonly #points = new Map<string, DefinedPoint>();
  readonly #offered: OfferedProvision[] = [];

  constructor(builtIn: readonly Plugin[]) {
    for (const plugin of builtIn) {
      this.#owners.set(plugin.name, 'relpipe itself');
      this.#enter(plugin, 'relpipe itself', undefined);
    }
  }

  add(plugin: Plugin, { name: packageName, version }: FoundPackage, at: Place | undefined): Diagnostic[] {
    const other = this.#owners.get(plugin.name);
    if (other !== undefined) return [diagnose('REL_PLUGIN_NAME_DUPLICATE', { package: packageName, name: plugin.name, other }, at)];
    this.#owners.set(plugin.name, packageName);
    this.#plugins.push({ package: packageName, name: plugin.name, version });
    this.#enter(plugin, packageName, at);
    return [];
  }

  /**
   * Joins points and what is provided to them, and gives everything.
   * @param isPart a package could not be loaded, so that what is unknown may be its own
   */
  build(isPart: boolean): { readonly registry: PluginRegistry; readonly diagnostics: readonly Diagnostic[] } {
    const { points, diagnostics } = joinPoints(this.#points, this.#offered, isPart);
    const incomplete = isPart || diagnostics.length > 0;
    const filler = { points, incomplete };
    const registry = {
      plugins: this.#plugins,
      steps: filledIn(this.#steps, filler),
      metrics: filledIn(this.#metrics, filler),
      composites: filledIn(this.#composites, filler),
      reporters: filledIn(this.#reporters, filler),
      incomplete,
    };
    return { registry, diagnostics };
  }

  #enter({ name: prefix, steps = {}, metrics = {}, composites = {}, reporters = {}, points = {}, provides = {} }: Plugin, packageName: string, at: Place | undefined): void {
    for (const [name, step] of Object.entries(steps)) this.#steps.set(`${prefix}.${name}`, step);
    for (const [name, metric] of Object.entries(metrics)) this.#metrics.set(`${prefix}.${name}`, metric);
    for (const [name, composite] of Object.entries(composites)) this.#composites.set(`${prefix}.${name}`, composite);
    for (const [name, reporter] of Object.entries(reporters)) this.#reporters.set(`${prefix}.${name}`, reporter);
    for (const [name, point] of Object.entries(points)) this.#points.set(`${prefix}.${name}`, { point, package: packageName });
    for (const [point, provisions] of Object.entries(provides)) {
      for (const [name, provision] of Object.entries(provisions)) this.#offered.push({ point, name, provision, package: packageName, at });
    }
  }
}

const filledIn = <T extends StepType | MetricType | CompositeType | ReporterType>(types: ReadonlyMap<string, T>, filler: PointFiller): ReadonlyMap<string, T> =>
  new Map([...types].map(([name, type]) => [name, filledType(type, filler)]));

/** The type as it is, with another `with`: what it inherits from a class of its author stays. */
const filledType = <T extends StepType | MetricType | CompositeType | ReporterType>(type: T, filler: PointFiller): T =>
  holdsPoint(type.with) ? (Object.create(type, { with: { value: fillPoints(type.with, filler), enumerable: true } }) as T) : type;
