import { Type, type Static } from 'typebox';
import { quantity, secret } from '../../contract/index.ts';

const status = Type.Integer({ minimum: 100, maximum: 599 });

/** `with` of `http.check`, as a metric and as a step. */
export const httpCheckSchema = Type.Object(
  {
    // A password in the URL would be kept with every measurement.
    url: Type.String({ pattern: '^https?://[^/?#@]+([/?#].*)?$', description: 'What to ask: http:// or https://, without a user in it, e.g. http://127.0.0.1:8080/health' }),
    method: Type.Optional(Type.String({ pattern: '^[A-Z]+$', description: 'Default: GET.' })),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([secret('A secret.'), Type.String()]), { description: 'Sent with the request.' }),
    ),
    status: Type.Optional(
      Type.Union([status, Type.Array(status, { minItems: 1 })], {
        description: 'Which status is healthy; default: 200 to 299. A redirection is an answer of its own and is not followed.',
      }),
    ),
    contains: Type.Optional(Type.String({ minLength: 1, description: 'Text that must stand in the first MiB of the answer.' })),
    timeout: Type.Optional(quantity('duration', 'After this the service counts as not healthy; default: 5s.')),
  },
  { additionalProperties: false },
);

export type HttpCheckConfig = Static<typeof httpCheckSchema>;
