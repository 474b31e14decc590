import { Type, type TSchema } from 'relpipe/plugin';

const strict = { additionalProperties: false };
const anything = Type.Optional(Type.Unknown());
const metadata = Type.Object({ name: Type.String(), namespace: Type.String(), resourceVersion: Type.String(), generation: Type.Integer() });
const headers = Type.Object({ request: anything, response: anything }, strict);

/** `virtualservices.networking.istio.io`, version v1: the fields of the CustomResourceDefinition of istio/api, spelt out where relpipe writes. */
const virtualService = Type.Object(
  {
    apiVersion: Type.Literal('networking.istio.io/v1'),
    kind: Type.Literal('VirtualService'),
    metadata,
    status: anything,
    spec: Type.Object(
      {
        exportTo: anything,
        gateways: Type.Optional(Type.Array(Type.String())),
        hosts: Type.Optional(Type.Array(Type.String())),
        tcp: anything,
        tls: anything,
        http: Type.Array(
          Type.Object(
            {
              ...Object.fromEntries(
                ['corsPolicy', 'delegate', 'directResponse', 'fault', 'headers', 'match', 'mirror', 'mirror_percent', 'mirrorPercent', 'mirrorPercentage', 'mirrors', 'redirect', 'retries', 'rewrite', 'timeout'].map((key) => [key, anything]),
              ),
              name: Type.Optional(Type.String()),
              route: Type.Optional(
                Type.Array(
                  Type.Object(
                    {
                      destination: Type.Object(
                        { host: Type.String(), port: Type.Optional(Type.Object({ number: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }) }, strict)), subset: Type.Optional(Type.String()) },
                        strict,
                      ),
                      headers: Type.Optional(headers),
                      weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
                    },
                    strict,
                  ),
                ),
              ),
            },
            strict,
          ),
        ),
      },
      strict,
    ),
  },
  strict,
);

const name = { minLength: 1, maxLength: 253 };

/** `httproutes.gateway.networking.k8s.io`, version v1, standard channel: the same. */
const httpRoute = Type.Object(
  {
    apiVersion: Type.Literal('gateway.networking.k8s.io/v1'),
    kind: Type.Literal('HTTPRoute'),
    metadata,
    status: anything,
    spec: Type.Object(
      {
        hostnames: anything,
        parentRefs: anything,
        rules: Type.Array(
          Type.Object(
            {
              name: Type.Optional(Type.String({ ...name, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' })),
              filters: anything,
              matches: anything,
              timeouts: anything,
              backendRefs: Type.Optional(
                Type.Array(
                  Type.Object(
                    {
                      filters: anything,
                      group: Type.Optional(Type.String({ maxLength: 253 })),
                      kind: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
                      name: Type.String(name),
                      namespace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
                      port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
                      weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
                    },
                    strict,
                  ),
                  { maxItems: 16 },
                ),
              ),
            },
            strict,
          ),
          { minItems: 1, maxItems: 16 },
        ),
      },
      strict,
    ),
  },
  strict,
);

/** By the path below `/apis`. */
export const objectSchemas: Readonly<Record<string, TSchema>> = {
  'networking.istio.io/v1/virtualservices': virtualService,
  'gateway.networking.k8s.io/v1/httproutes': httpRoute,
};
