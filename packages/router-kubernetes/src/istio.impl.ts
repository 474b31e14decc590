import type { Router } from '@relpipe/plugin-traffic/router';
import { Type, type ReadContext, type Static } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { connectCluster } from './cluster.ts';
import type { IstioConfig } from './istio.ts';
import { distinctNames, findRule, jqForWeights, jqRule, unreadableRoute, type Destination, type RouteKind } from './route-kind.ts';
import { RouteRouter } from './route-router.ts';

/** Does not contact the cluster yet. */
export const openIstio = async (config: IstioConfig, context: ReadContext): Promise<Router> =>
  new RouteRouter(connectCluster(config, context), virtualService(config.route), config['virtual-service'], config, context);

/**
 * The destinations of an HTTP route. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/ and the
 * CustomResourceDefinition of istio/api: weights are relative, and a weight of 0 gets nothing. Older versions of Istio require
 * a sum of 100, and admission rejects weights that are all 0, so a sum of 100 suits all versions.
 */
const virtualService = (route: string | undefined): RouteKind => ({
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
  destination: Type.Object({
    host: Type.String(),
    subset: Type.Optional(Type.String()),
    port: Type.Optional(Type.Object({ number: Type.Optional(Type.Integer()) })),
  }),
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
  if (!found?.route) throw unreadableRoute('VirtualService', 'has a route without destinations');
  return found as typeof found & { readonly route: WeightedDestination[] };
}

/** Named by subset, by host, or by both: by the first of these that is unique. */
function named(route: readonly WeightedDestination[]): readonly Destination[] {
  const both = ({ destination: { host, subset } }: WeightedDestination) => (subset === undefined ? host : `${host}/${subset}`);
  const names = distinctNames(route, ({ destination }) => destination.subset, ({ destination }) => destination.host, both);
  return route.map((entry, n) => {
    const { host, subset, port } = entry.destination;
    const url = `http://${host}${port?.number === undefined ? '' : `:${port.number}`}`;
    // A host with subsets is several sides: as a URL it would name the first of them only.
    return {
      name: names[n] ?? '',
      url: subset === undefined ? url : `subset ${subset} of ${host}`,
      weight: entry.weight ?? (route.length === 1 ? 100 : 0),
    };
  });
}
