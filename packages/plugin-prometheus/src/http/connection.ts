import { quantity, secret, type Secret, Type } from 'relpipe/plugin';

/** How a server is asked, whichever it is. */
export interface Connection {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: Secret;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** The fields of a `with` that say so. */
export const connection = {
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Sent with every request, e.g. X-Scope-OrgID' }),
  ),
  token: Type.Optional(secret('Sent as `Authorization: Bearer`')),
  timeout: Type.Optional(quantity('duration', 'For one answer of the server; default 30s')),
};
