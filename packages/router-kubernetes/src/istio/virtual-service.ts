import { Type, type Static } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { distinctNames } from '../route/distinct-names.ts';
import { findRule } from '../route/find-rule.ts';
import { jqForWeights, jqRule } from '../route/jq-for-weights.ts';
import type { Destination, RouteKind } from '../route/route-kind.ts';
import { unreadableRoute } from '../route/unreadable-route.ts';

/**
 * The destinations of an HTTP route. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/ and the
 * CustomResourceDefinition of istio/api: weights are relative, and one of 0 gets nothing. Older versions of Istio want
 * a sum of 100, and admission refuses that all are 0, so a sum of 100 fits all of them.
 */
export const virtualService = (route: string | undefined): RouteKind => ({
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'virtualservices',
  kind: 'VirtualService',
  total: 100,
  destinations: (object) => named(routeOf(read(object), route).route),
  withWeights(object, weights) {
    const { spec } = read(object);
    const changed = routeOf({ spec }, route);
    const withWeight = { ...changed, route: changed.route.map((destination, n) => ({ ...destination, weight: weights[n] })) };
    return { ...object, spec: { ...spec, http: spec.http.map((http) => (http === changed ? withWeight : http)) } };
  },
  jq: (weights) =>
    jqForWeights(`${jqRule('.spec.http[]', route)}.route[]`, weights, [
      '.destination.subset',
      '.destination.host',
      '"\\(.destination.host)/\\(.destination.subset)"',
      '"http://\\(.destination.host)"',
      '"http://\\(.destination.host):\\(.destination.port.number)"',
    ]),
});

const destinationSchema = Type.Object({
  destination: Type.Object({ host: Type.String(), subset: Type.Optional(Type.String()), port: Type.Optional(Type.Object({ number: Type.Optional(Type.Integer()) })) }),
  weight: Type.Optional(Type.Integer()),
});
const httpSchema = Type.Object({ name: Type.Optional(Type.String()), route: Type.Optional(Type.Array(destinationSchema)) });
const objectSchema = Type.Object({ spec: Type.Object({ http: Type.Array(httpSchema) }) });
type WeightedDestination = Static<typeof destinationSchema>;
type VirtualService = Static<typeof objectSchema>;

function read(object: object): VirtualService {
  if (!Check(objectSchema, object)) throw unreadableRoute('VirtualService', 'has no HTTP routes');
  return object;
}

function routeOf({ spec: { http } }: VirtualService, name: string | undefined) {
  const found = http[findRule(http, name, { object: 'The VirtualService', key: 'route' })];
  if (!found?.route) throw unreadableRoute('VirtualService', 'has a route that sends traffic nowhere');
  return found as typeof found & { readonly route: WeightedDestination[] };
}

/** By subset, by host, or by both: whatever tells them apart. */
function named(route: readonly WeightedDestination[]): readonly Destination[] {
  const both = ({ destination: { host, subset } }: WeightedDestination) => (subset === undefined ? host : `${host}/${subset}`);
  const names = distinctNames(route, ({ destination }) => destination.subset, ({ destination }) => destination.host, both);
  return route.map((entry, n) => {
    const { host, subset, port } = entry.destination;
    const url = `http://${host}${port?.number === undefined ? '' : `:${port.number}`}`;
    // A host with subsets is several sides: as an address it would name the first of them.
    return { name: names[n] ?? '', url: subset === undefined ? url : `subset ${subset} of ${host}`, weight: entry.weight ?? (route.length === 1 ? 100 : 0) };
  });
}
