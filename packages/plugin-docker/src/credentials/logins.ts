import { secret, Type, type Static } from 'relpipe/plugin';

/** `logins` of every step that talks to a registry. */
export const logins = Type.Record(
  Type.String({ pattern: '^[a-zA-Z0-9.:-]+$' }),
  Type.Object(
    {
      username: Type.String({ minLength: 1, description: 'A person or robot account' }),
      password: secret('Password or access token of `username`'),
    },
    { additionalProperties: false },
  ),
  { additionalProperties: false, description: "Accounts by the registry's host, e.g. `ghcr.io`; default: those of the docker CLI (`docker login`, credential helpers)" },
);
export type Logins = Static<typeof logins>;
