import type { CompositeType, MetricType, Plugin, Point, Provision, ReporterType, StepType } from '../contract/index.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import { fillPoints, holdsPoint, type PointFiller } from '../schema/points.ts';
import type { FilledPoint } from '../schema/schema-node.ts';
import { closestNames } from '../util/closest-names.ts';
import type { FoundPackage } from './find-package.ts';

/** Where a plugin came from. */
export interface LoadedPlugin {
  readonly package: string;
  /** Prefix of its types. */
  readonly name: string;
  readonly version: string;
}

/** Everything the loaded plugins and the built-in one give, by full name (`docker.promote`). */
export interface PluginRegistry {
  readonly plugins: readonly LoadedPlugin[];
  readonly steps: ReadonlyMap<string, StepType>;
  readonly metrics: ReadonlyMap<string, MetricType>;
  readonly composites: ReadonlyMap<string, CompositeType>;
  readonly reporters: ReadonlyMap<string, ReporterType>;
  /** A package could not be loaded: an unknown type may be one of its own, and only the package is reported. */
  readonly incomplete?: boolean;
}

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
   * Joins points and the provisions to them, and returns everything.
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

/** A point, and the package that defines it. */
export interface DefinedPoint {
  readonly point: Point;
  readonly package: string;
}

/** What a package provides to a point under a name. */
export interface OfferedProvision {
  readonly point: string;
  readonly name: string;
  readonly provision: Provision;
  readonly package: string;
  /** Where the file names the package. */
  readonly at: Place | undefined;
}

export interface JoinedPoints {
  readonly points: ReadonlyMap<string, FilledPoint>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Brings what is provided to the points it is for. `incomplete`: a point may be of a package that could not be loaded. */
export function joinPoints(defined: ReadonlyMap<string, DefinedPoint>, offered: readonly OfferedProvision[], incomplete: boolean): JoinedPoints {
  const taken = new Map([...defined.keys()].map((point) => [point, new Map<string, OfferedProvision>()]));
  const diagnostics = offered.flatMap((offer) => {
    const problem = problemOf(offer, defined, taken.get(offer.point), incomplete);
    if (problem === undefined) taken.get(offer.point)?.set(offer.name, offer);
    return problem ?? [];
  });
  const points = [...defined].map(([name, { point }]) => {
    const provisions = new Map([...(taken.get(name) ?? [])].map(([provided, { provision }]) => [provided, provision]));
    return [name, { name, provisions, elsewhere: point.elsewhere ?? {} }] as const;
  });
  return { points: new Map(points), diagnostics };
}

function problemOf(
  offer: OfferedProvision,
  defined: ReadonlyMap<string, DefinedPoint>,
  taken: ReadonlyMap<string, OfferedProvision> | undefined,
  incomplete: boolean,
): readonly Diagnostic[] | undefined {
  const { point, name, provision, package: packageName, at } = offer;
  const owner = defined.get(point);
  if (!owner) {
    const known = [...defined.keys()];
    return incomplete ? [] : [diagnose('REL_POINT_UNKNOWN', { package: packageName, point, name, close: closestNames(point, known) }, at)];
  }
  const { contract } = owner.point;
  if (provision.contract !== contract) {
    const details = { package: packageName, point, name, found: provision.contract, expected: contract, owner: owner.package };
    return [diagnose('REL_POINT_CONTRACT_MISMATCH', details, at)];
  }
  const other = taken?.get(name);
  return other && [diagnose('REL_POINT_DUPLICATE', { package: packageName, point, name, other: other.package }, at)];
}
