import type { Point, Provision } from '../contract/index.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { FilledPoint } from '../schema/schema-node.ts';
import { closestNames } from '../util/closest-names.ts';

/** A point with the package that defines it. */
export interface DefinedPoint {
  readonly point: Point;
  readonly package: string;
}

/** A provision that a package offers to a point under a name. */
export interface OfferedProvision {
  readonly point: string;
  readonly name: string;
  readonly provision: Provision;
  readonly package: string;
  /** The place in the file that names the package. */
  readonly at: Place | undefined;
}

interface JoinedPoints {
  readonly points: ReadonlyMap<string, FilledPoint>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Joins each point with the provisions to it. `incomplete`: a point may be of a package that could not be loaded. */
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
