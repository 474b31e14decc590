import { Type, type TSchema } from 'relpipe/plugin';

/**
 * What Kong's Admin API takes of what a router asks, after its published description: kong-admin-api.yml and the schemas of
 * `targets` and `upstreams` of Kong 3, and the OpenAPI document of Kong Gateway 3.14.
 */
export interface Operation {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: RegExp;
  /** Names of query parameters. */
  readonly query: readonly string[];
  readonly body?: TSchema;
}

const id = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Fields of a target that a PATCH may change. */
const targetChange = Type.Object(
  {
    target: Type.Optional(Type.String({ minLength: 1 })),
    weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    tags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const operations: readonly Operation[] = [
  { method: 'GET', path: /^\/$/, query: [] },
  { method: 'GET', path: /^\/upstreams$/, query: ['size', 'offset', 'tags'] },
  { method: 'GET', path: /^\/upstreams\/[^/]+\/targets$/, query: ['size', 'offset', 'tags'] },
  { method: 'GET', path: /^\/upstreams\/[^/]+\/health$/, query: ['size', 'offset', 'balancer_health'] },
  { method: 'PATCH', path: new RegExp(`^/upstreams/[^/]+/targets/(${id}|[^/]+:\\d+)$`), query: [], body: targetChange },
  { method: 'GET', path: /^\/config$/, query: [] },
  { method: 'POST', path: /^\/config$/, query: ['check_hash', 'flatten_errors'], body: Type.Object({ config: Type.String({ minLength: 1 }) }, { additionalProperties: false }) },
];
