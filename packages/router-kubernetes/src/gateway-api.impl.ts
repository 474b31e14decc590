import type { Router } from '@relpipe/plugin-traffic/router';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { connectCluster } from './cluster.ts';
import type { GatewayApiConfig } from './gateway-api.ts';
import { distinctNames, findRule, jqForWeights, jqRule, unreadableRoute, type Destination, type RouteKind } from './route-kind.ts';
import { RouteRouter } from './route-router.ts';

/** Does not contact the cluster yet. */
export async function openGatewayApi(config: GatewayApiConfig, context: ReadContext): Promise<Router> {
  const cluster = connectCluster(config, context);
  return new RouteRouter(cluster, httpRoute(config.rule, cluster.namespace), config['http-route'], config, context);
}

/**
 * The backends of a rule. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref and its CustomResourceDefinition:
 * weights from 0 to 1,000,000, 1 by default, each a share of the sum.
 */
const httpRoute = (rule: string | undefined, namespace: string): RouteKind => ({
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
  kind: 'HTTPRoute',
  total: 1_000_000,
  destinations: (object) => named(ruleOf(read(object), rule).backendRefs, namespace),
  withWeights(object, weights) {
    const { spec } = read(object);
    const changed = ruleOf({ spec }, rule);
    const withWeight = { ...changed, backendRefs: changed.backendRefs.map((backend, n) => ({ ...backend, weight: weights[n] })) };
    return { ...object, spec: { ...spec, rules: spec.rules.map((other) => (other === changed ? withWeight : other)) } };
  },
  jq: (weights) => {
    const address = `\\(.name).\\(.namespace // ${JSON.stringify(namespace)})`;
    const names = ['.name', `"${address}"`, `"${address}:\\(.port)"`, `"http://${address}"`, `"http://${address}:\\(.port)"`];
    return jqForWeights(`${jqRule('.spec.rules[]', rule)}.backendRefs[]`, weights, names);
  },
  isApplied,
});

const backendSchema = Type.Object({
  name: Type.String(),
  namespace: Type.Optional(Type.String()),
  port: Type.Optional(Type.Integer()),
  weight: Type.Optional(Type.Integer()),
});
const ruleSchema = Type.Object({ name: Type.Optional(Type.String()), backendRefs: Type.Optional(Type.Array(backendSchema)) });
const objectSchema = Type.Object({ spec: Type.Object({ rules: Type.Array(ruleSchema) }) });
type Backend = Static<typeof backendSchema>;
type HttpRoute = Static<typeof objectSchema>;

function read(object: object): HttpRoute {
  if (!Check(objectSchema, object)) throw unreadableRoute('HTTPRoute', 'has no rules');
  return object;
}

function ruleOf({ spec: { rules } }: HttpRoute, name: string | undefined) {
  const found = rules[findRule(rules, name, { object: 'The HTTPRoute', key: 'rule' })];
  if (!found?.backendRefs) throw unreadableRoute('HTTPRoute', 'has a rule without backends');
  return found as typeof found & { readonly backendRefs: Backend[] };
}

/** Named by the service, or by its whole address where that is not unique. */
function named(backends: readonly Backend[], home: string): readonly Destination[] {
  const address = ({ name, namespace = home, port }: Backend) => `${name}.${namespace}${port === undefined ? '' : `:${port}`}`;
  const names = distinctNames(backends, ({ name }) => name, address);
  return backends.map((backend, n) => ({ name: names[n] ?? '', url: `http://${address(backend)}`, weight: backend.weight ?? 1 }));
}

/**
 * Whether every gateway of the route has accepted it as it is now. A condition without a generation is taken to be about this one.
 * @throws {StepError} `KUBERNETES_ROUTE_REJECTED` when a gateway has rejected it, or cannot find a backend
 */
function isApplied(object: object): boolean {
  if (!Check(acceptedSchema, object)) return false;
  const { generation } = object.metadata;
  const conditions = object.status.parents.map((parent) => parent.conditions.filter((condition) => isAbout(condition, generation)));
  const refused = conditions.flat().find(({ type, status }) => wanted.includes(type) && status === 'False');
  if (refused) throw routeRejected(refused);
  return conditions.length > 0 && conditions.every((known) => known.some(({ type, status }) => type === 'Accepted' && status === 'True'));
}

const wanted = ['Accepted', 'ResolvedRefs'];

const conditionSchema = Type.Object({
  type: Type.String(),
  status: Type.String(),
  reason: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  observedGeneration: Type.Optional(Type.Integer()),
});
type Condition = Static<typeof conditionSchema>;
const acceptedSchema = Type.Object({
  metadata: Type.Object({ generation: Type.Integer() }),
  status: Type.Object({ parents: Type.Array(Type.Object({ conditions: Type.Array(conditionSchema) })) }),
});

const isAbout = ({ observedGeneration = Number.POSITIVE_INFINITY }: Condition, generation: number): boolean =>
  observedGeneration >= generation;

const routeRejected = ({ type, reason = '', message = '' }: Condition) =>
  new StepError('KUBERNETES_ROUTE_REJECTED', `The gateway rejects the HTTPRoute: ${type} is false, ${reason} ${message}`.trimEnd(), {
    hint: 'Read the status of the HTTPRoute, and check that the services of both sides exist.',
  });
