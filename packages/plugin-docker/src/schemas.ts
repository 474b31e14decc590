import { secret, Type, type Static, type TSchema } from 'relpipe/plugin';

/** Both algorithms that the OCI image specification registers, as a part of a regular expression. */
export const digestPattern = '(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})';

/** Docker's API writes an empty value as `null`. */
export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const stringOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

export const stringMap = (description?: string) =>
  Type.Record(Type.String(), Type.String(), description === undefined ? {} : { description });

/** A platform as docker writes it, e.g. `linux/arm64/v8`. */
export const platform = Type.String({ pattern: '^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$' });

/** `engine` of every step that works on a docker engine. */
export const engine = Type.String({
  pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$',
  description: 'A context of the docker CLI (`docker context ls`); default: its current one, or DOCKER_HOST',
});

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
  {
    additionalProperties: false,
    description:
      'Accounts by the host of the registry, e.g. `ghcr.io`; default: the accounts of the docker CLI (`docker login`, credential helpers)',
  },
);
export type Logins = Static<typeof logins>;

const variable = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' });

/** Environment variables of a container or a compose file. */
export const variables = (description: string) => Type.Record(variable, Type.String(), { additionalProperties: false, description });

export const secretVariables = (description: string) =>
  Type.Record(variable, secret('Value of the variable'), { additionalProperties: false, description });

export const volumeName = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]+$', description: 'As `docker volume ls` shows it' });
