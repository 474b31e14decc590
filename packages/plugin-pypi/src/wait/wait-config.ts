import { quantity, Type, type Static } from 'relpipe/plugin';
import { indexField, projectField, sha256Field, versionField } from '../names/release-fields.ts';

/** `with` of `pypi.wait`. */
export const waitConfig = Type.Object(
  {
    project: projectField,
    version: versionField,
    index: Type.Optional(indexField),
    files: Type.Optional(
      Type.Record(Type.String(), sha256Field, {
        description: 'Files that have to be there, each with its sha256; default: at least one file of the version',
      }),
    ),
    'requires-python': Type.Optional(
      Type.String({ minLength: 1, description: 'What every file has to say of the Python versions it is for, e.g. `>=3.9`' }),
    ),
    timeout: Type.Optional(quantity('duration', 'How long to wait; default 10m')),
    poll: Type.Optional(quantity('duration', 'First pause between two looks, doubled up to 30s; default 2s')),
  },
  { additionalProperties: false },
);
export type WaitConfig = Static<typeof waitConfig>;

export const waitOutputs = Type.Object({
  files: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
    description: 'The files of the version with their sha256; null where the index gives none',
  }),
  waited: quantity('duration', 'How long it took until all of them were visible'),
});
export type WaitOutputs = Static<typeof waitOutputs>;
