import { secret, Type } from 'relpipe/plugin';
import { releaseOnIndexFields } from '../release-on-index.ts';

export const removeConfig = Type.Object(
  {
    ...releaseOnIndexFields,
    username: Type.Optional(Type.String({ minLength: 1, description: 'Default: what twine is configured with, else `__token__`' })),
    token: Type.Optional(secret('API token, or the password of `username`')),
  },
  { additionalProperties: false },
);

export const removeOutputs = Type.Object({
  files: Type.Array(Type.String(), { description: 'What was removed; empty when it was gone already' }),
});
