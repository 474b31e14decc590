import { Type, type Static } from 'relpipe/plugin';
import { indexField, projectField, versionField } from '../names/release-fields.ts';

/** `with` of `pypi.choose-rollback`. */
export const chooseRollbackConfig = Type.Object(
  {
    project: projectField,
    version: Type.String({ minLength: 1, description: 'The version to go back from' }),
    target: Type.Optional(versionField),
    index: Type.Optional(indexField),
  },
  { additionalProperties: false },
);
export type ChooseRollbackConfig = Static<typeof chooseRollbackConfig>;

export const chooseRollbackOutputs = Type.Object({
  version: Type.String({ description: 'The version to go back to, as its files spell it' }),
  files: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
    description: 'Its files with their sha256; null where the index gives none',
  }),
});
export type ChooseRollbackOutputs = Static<typeof chooseRollbackOutputs>;
