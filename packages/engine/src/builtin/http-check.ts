import { Type, type Static } from 'typebox';
import { defineMetric, defineStep, headers, quantity } from '../contract/index.ts';

const status = Type.Integer({ minimum: 100, maximum: 599 });

/** `with` of `http.check`, as a metric and as a step. */
const httpCheckSchema = Type.Object(
  {
    // A password in the URL would be kept with every measurement.
    url: Type.String({ pattern: '^https?://[^/?#@]+([/?#].*)?$', description: 'What to request: http:// or https://, without a user in it, e.g. http://127.0.0.1:8080/health' }),
    method: Type.Optional(Type.String({ pattern: '^[A-Z]+$', description: 'Default: GET.' })),
    headers: Type.Optional(headers('Sent with the request.')),
    status: Type.Optional(
      Type.Union([status, Type.Array(status, { minItems: 1 })], {
        description: 'Which status is healthy; default: 200 to 299. A redirect is an answer of its own and is not followed.',
      }),
    ),
    contains: Type.Optional(Type.String({ minLength: 1, description: 'A string that the first MiB of the answer must contain.' })),
    timeout: Type.Optional(quantity('duration', 'After this the service counts as not healthy; default: 5s.')),
  },
  { additionalProperties: false },
);

export type HttpCheckConfig = Static<typeof httpCheckSchema>;

const impl = () => import('./http-check.impl.ts');

/** `http.check` as a metric: yes when the service answers as expected, no when it does not or cannot. */
export const httpCheckMetric = defineMetric({
  summary: 'Whether a URL answers as a healthy service does',
  with: httpCheckSchema,
  unit: 'yes-no',
  answersForThePast: false,
  countsSamples: false,
  measure: async (config, _request, context) => (await impl()).measure(config, context),
});

/** `http.check` as a step: waits until the service is healthy, as long as the attempt lasts. */
export const httpCheckStep = defineStep({
  summary: 'Waits until a URL answers as a healthy service does',
  with: httpCheckSchema,
  outputs: Type.Object({ status: Type.Integer(), ms: Type.Integer() }),
  onLost: 'retry',
  rollback: 'nothing',
  run: async (config, context) => (await impl()).waitUntilHealthy(config, context),
});
