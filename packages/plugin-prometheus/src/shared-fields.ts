import { headers, quantity, secret, Type, type Secret } from 'relpipe/plugin';

/** How requests to a server are sent. */
export interface Connection {
  readonly headers?: Readonly<Record<string, string | Secret>>;
  readonly token?: Secret;
  /** Milliseconds, for each response; default: 30 s. */
  readonly timeout?: number;
}

/** The fields of a `with` for a `Connection`. */
export const connection = {
  headers: Type.Optional(headers('Sent with every request, e.g. X-Scope-OrgID')),
  token: Type.Optional(secret('Sent as `Authorization: Bearer`')),
  timeout: Type.Optional(quantity('duration', 'For each response of the server; default 30s')),
};

/** The field of a `with` that selects alerts. */
export const matchersField = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true, description });
