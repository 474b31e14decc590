import type { ChannelType, CompositeType, GroupType, MetricType, Plugin, StepType } from '../contract/index.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import { fillPoints, holdsPoint, type PointFiller } from '../schema/points.ts';
import type { FoundPackage } from './find-package.ts';
import { type DefinedPoint, joinPoints, type OfferedProvision } from './join-points.ts';

/** A plugin with its package. */
export interface LoadedPlugin {
  readonly package: string;
  /** Prefix of its types. */
  readonly name: string;
  readonly version: string;
  /** Where the package is installed. */
  readonly root: string;
}

/** Everything that the loaded plugins and the built-in ones bring, by full name (`docker.promote`). */
export interface PluginRegistry {
  readonly plugins: readonly LoadedPlugin[];
  readonly steps: ReadonlyMap<string, StepType>;
  readonly metrics: ReadonlyMap<string, MetricType>;
  readonly composites: ReadonlyMap<string, CompositeType>;
  readonly groups: ReadonlyMap<string, GroupType>;
  readonly channels: ReadonlyMap<string, ChannelType>;
  /** A package could not be loaded: an unknown type may be one of its own, and only the package is reported. */
  readonly incomplete?: boolean;
}

/** What several files use together. A package is the same in all of them: they find it from one folder. */
export function joinRegistries(registries: readonly PluginRegistry[]): PluginRegistry {
  const [first, ...others] = new Set(registries);
  if (first && others.length === 0) return first;
  const all = first ? [first, ...others] : others;
  return {
    plugins: [...new Map(all.flatMap(({ plugins }) => plugins.map((plugin) => [plugin.package, plugin]))).values()],
    steps: new Map(all.flatMap(({ steps }) => [...steps])),
    metrics: new Map(all.flatMap(({ metrics }) => [...metrics])),
    composites: new Map(all.flatMap(({ composites }) => [...composites])),
    channels: new Map(all.flatMap(({ channels }) => [...channels])),
    groups: new Map(all.flatMap(({ groups }) => [...groups])),
  };
}

/** Collects what plugins bring under their full names, and refuses a plugin whose name is taken. */
export class RegistryBuilder {
  readonly #owners = new Map<string, string>();
  readonly #plugins: LoadedPlugin[] = [];
  readonly #steps = new Map<string, StepType>();
  readonly #metrics = new Map<string, MetricType>();
  readonly #composites = new Map<string, CompositeType>();
  readonly #groups = new Map<string, GroupType>();
  readonly #channels = new Map<string, ChannelType>();
  readonly #points = new Map<string, DefinedPoint>();
  readonly #offered: OfferedProvision[] = [];

  constructor(builtIn: readonly Plugin[]) {
    for (const plugin of builtIn) {
      this.#owners.set(plugin.name, 'relpipe itself');
      this.#enter(plugin, 'relpipe itself', undefined);
    }
  }

  add(plugin: Plugin, { name: packageName, version, root }: FoundPackage, at: Place | undefined): Diagnostic[] {
    const other = this.#owners.get(plugin.name);
    if (other !== undefined) return [diagnose('REL_PLUGIN_NAME_DUPLICATE', { package: packageName, name: plugin.name, other }, at)];
    this.#owners.set(plugin.name, packageName);
    this.#plugins.push({ package: packageName, name: plugin.name, version, root });
    this.#enter(plugin, packageName, at);
    return [];
  }

  /**
   * Joins the points with the provisions to them, and returns everything.
   * @param isPart a package could not be loaded, so that unknown names may be its own
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
      groups: filledIn(this.#groups, filler),
      channels: filledIn(this.#channels, filler),
      incomplete,
    };
    return { registry, diagnostics };
  }

  #enter({ name: prefix, steps = {}, metrics = {}, composites = {}, groups = {}, channels = {}, points = {}, provides = {} }: Plugin, packageName: string, at: Place | undefined): void {
    for (const [name, step] of Object.entries(steps)) this.#steps.set(`${prefix}.${name}`, step);
    for (const [name, metric] of Object.entries(metrics)) this.#metrics.set(`${prefix}.${name}`, metric);
    for (const [name, composite] of Object.entries(composites)) this.#composites.set(`${prefix}.${name}`, composite);
    for (const [name, group] of Object.entries(groups)) this.#groups.set(`${prefix}.${name}`, group);
    for (const [name, channel] of Object.entries(channels)) this.#channels.set(`${prefix}.${name}`, channel);
    for (const [name, point] of Object.entries(points)) this.#points.set(`${prefix}.${name}`, { point, package: packageName });
    for (const [point, provisions] of Object.entries(provides)) {
      for (const [name, provision] of Object.entries(provisions)) this.#offered.push({ point, name, provision, package: packageName, at });
    }
  }
}

const filledIn = <T extends StepType | MetricType | CompositeType | GroupType | ChannelType>(types: ReadonlyMap<string, T>, filler: PointFiller): ReadonlyMap<string, T> =>
  new Map([...types].map(([name, type]) => [name, filledType(type, filler)]));

/** The type with its points filled. Members that it inherits from a class of its author stay. */
const filledType = <T extends StepType | MetricType | CompositeType | GroupType | ChannelType>(type: T, filler: PointFiller): T =>
  holdsPoint(type.with) ? (Object.create(type, { with: { value: fillPoints(type.with, filler), enumerable: true } }) as T) : type;
