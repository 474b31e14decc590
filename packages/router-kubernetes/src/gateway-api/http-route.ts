import { Type, type Static } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { distinctNames } from '../route/distinct-names.ts';
import { findRule } from '../route/find-rule.ts';
import { jqForWeights, jqRule } from '../route/jq-for-weights.ts';
import type { Destination, RouteKind } from '../route/route-kind.ts';
import { unreadableRoute } from '../route/unreadable-route.ts';
import { isTakenUp } from './is-taken-up.ts';

/**
 * The backends of a rule. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref and its CustomResourceDefinition:
 * weights from 0 to 1,000,000, 1 by default, each a share of the sum.
 */
export const httpRoute = (rule: string | undefined, namespace: string): RouteKind => ({
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
  isTakenUp,
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
  if (!found?.backendRefs) throw unreadableRoute('HTTPRoute', 'has a rule that sends traffic nowhere');
  return found as typeof found & { readonly backendRefs: Backend[] };
}

/** By the name of the service, or by all that tells it apart. */
function named(backends: readonly Backend[], home: string): readonly Destination[] {
  const address = ({ name, namespace = home, port }: Backend) => `${name}.${namespace}${port === undefined ? '' : `:${port}`}`;
  const names = distinctNames(backends, ({ name }) => name, address);
  return backends.map((backend, n) => ({ name: names[n] ?? '', url: `http://${address(backend)}`, weight: backend.weight ?? 1 }));
}
